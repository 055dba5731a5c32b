use crate::rich::markup;

/// Puts what is known into the holes of a text; one of which nothing is known stays for the operator to see. In one go:
/// people call themselves what they like, also like a hole.
pub(super) fn holes(text: &str, known: &[(&str, Option<String>)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let hole = known.iter().find_map(|(hole, value)| Some((rest.strip_prefix(hole)?, value.as_ref()?)));
        if let Some((behind, value)) = hole {
            // A name may have signs in it that mean something when they are typed.
            filled.push_str(&markup::typed(value, &[]));
            rest = behind;
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_hole_is_a_name() {
        let known = [
            ("{name}", Some("{order} *я*".to_owned())),
            ("{order}", Some("Тайна".into())),
            ("{username}", None),
        ];
        let filled = holes("{Здравствуйте}, {name}! {{order}} {username} {", &known);
        assert_eq!(filled, r"{Здравствуйте}, {order} \*я\*! {Тайна} {username} {");
    }
}
