/// Declares a domain's enum over its event types, so that a replay matches exhaustively.
#[macro_export]
macro_rules! declare_domain {
    ($(#[$doc:meta])* $domain:ident { $($event:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        #[allow(clippy::large_enum_variant, reason = "in some domains; a box would stand in every match")]
        pub enum $domain {
            $($event($event)),+
        }

        impl $domain {
            /// `None` when the type is not one of this domain's.
            pub fn decode(
                ce_type: &str,
                body: &[u8],
            ) -> Option<Result<Self, $crate::contract::DecodeError>> {
                $(if ce_type == <$event as $crate::Event>::ce_type() {
                    return Some(
                        serde_json::from_slice::<$event>(body).map($domain::$event).map_err(|error| {
                            $crate::contract::DecodeError::Body {
                                name: <$event as $crate::Event>::NAME,
                                reason: error.to_string(),
                            }
                        }),
                    );
                })+
                None
            }

            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $($domain::$event(_) => <$event as $crate::Event>::NAME),+ }
            }

            #[must_use]
            pub fn subject(&self) -> String {
                match self { $($domain::$event(event) => <$event as $crate::Event>::subject(event)),+ }
            }

            #[must_use]
            pub fn entity(&self) -> String {
                match self { $($domain::$event(event) => <$event as $crate::Event>::entity(event)),+ }
            }

            #[must_use]
            pub fn publishers(&self) -> &'static [$crate::Service] {
                match self { $($domain::$event(_) => <$event as $crate::Event>::PUBLISHERS),+ }
            }

            /// Every type of the domain, in the order of its declaration.
            #[must_use]
            pub fn infos() -> Vec<$crate::EventInfo> {
                vec![$($crate::EventInfo::of::<$event>()),+]
            }
        }

        $(impl From<$event> for $domain {
            fn from(event: $event) -> Self {
                $domain::$event(event)
            }
        }

        impl From<$event> for $crate::LogEvent {
            fn from(event: $event) -> Self {
                $crate::LogEvent::from($domain::$event(event))
            }
        })+
    };
}
