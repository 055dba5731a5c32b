use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// Kopecks, written as rubles with at most two decimals: `1500`, `99.9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rubles(pub(crate) i64);

impl Serialize for Rubles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 {
            return serializer.serialize_i64(self.0 / 100);
        }
        // Exact to the kopeck far beyond any balance: an f64 has 53 bits.
        #[expect(clippy::cast_precision_loss, reason = "sums stay below 2^53 kopecks")]
        serializer.serialize_f64(self.0 as f64 / 100.0)
    }
}

/// What a customer has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Balance {
    /// Rubles that can be spent.
    #[schema(value_type = f64)]
    pub(crate) available: Rubles,
    /// Rubles set aside for open orders.
    #[schema(value_type = f64)]
    pub(crate) held: Rubles,
    /// Always `RUB`.
    pub(crate) currency: &'static str,
}

impl Balance {
    pub(crate) const fn new(available: i64, held: i64) -> Self {
        Self { available: Rubles(available), held: Rubles(held), currency: "RUB" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rubles_have_kopecks_only_where_there_are_any() {
        let text = |kopecks| serde_json::to_string(&Rubles(kopecks)).unwrap();
        assert_eq!(text(150_000), "1500");
        assert_eq!(text(9_990), "99.9");
        assert_eq!(text(1), "0.01");
        assert_eq!(text(1_000_000_001), "10000000.01");
    }
}
