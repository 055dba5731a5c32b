use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Characters of a code.
const LENGTH: usize = 12;
/// Crockford's base 32 in lower case: no letter is taken for a digit or for another letter.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What an order's short link ends with: `/q/<code>`. It follows from the order's id, so a picture can carry it
/// before the order exists. 60 bits: among ten million orders two share one with a probability of 1 in 20,000,
/// and nobody finds an order by guessing.
#[must_use]
pub fn short_code(order: Uuid) -> String {
    let digest = Sha256::new().chain_update(b"vestnik short code").chain_update(order.as_bytes()).finalize();
    digest.iter().take(LENGTH).map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}

/// Whether the text could be a code: everything else need not be looked for.
#[must_use]
pub fn is_short_code(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_follows_from_the_order_and_stays_what_it_is() {
        let code = short_code(Uuid::from_u128(7));
        assert_eq!(code, "j0n2vzqw629c");
        assert!(is_short_code(&code));
        assert_ne!(code, short_code(Uuid::from_u128(8)));
        for other in ["", "a", "0123456789abc", "0123456789aB", "0123456789a/", "ильо0123"] {
            assert!(!is_short_code(other), "{other:?}");
        }
    }
}
