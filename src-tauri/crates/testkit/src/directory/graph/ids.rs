//! The ids of people and grants.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// People's ids begin so; their numbers make the rest.
const PERSON: u128 = 0x7d54_cb02_aaa3_4016_9f9c_0000_0000_0000;
const NUMBER: u128 = 0xffff_ffff_ffff;

pub(super) fn person(user: usize) -> Uuid {
    Uuid::from_u128(PERSON | (user as u128 & NUMBER))
}

pub(super) fn number_of(person: Uuid) -> Option<usize> {
    let number = person.as_u128();
    (number & !NUMBER == PERSON).then(|| usize::try_from(number & NUMBER).ok())?
}

/// A grant's id: the base64url text of the ids of the client, the resource and the person, each with its first three
/// fields in little-endian order. Inferred from both examples in Microsoft's documentation.
pub(super) fn grant(client: Uuid, resource: Uuid, person: Option<Uuid>) -> String {
    let parts = [Some(client), Some(resource), person];
    let bytes: Vec<u8> = parts.into_iter().flatten().flat_map(|part| part.to_bytes_le()).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Client, resource and person of a grant's id.
pub(super) fn parts_of(grant: &str) -> Option<(Uuid, Uuid, Option<Uuid>)> {
    let bytes = URL_SAFE_NO_PAD.decode(grant).ok()?;
    let (parts, []) = bytes.as_chunks::<16>() else { return None };
    match parts.iter().map(|part| Uuid::from_bytes_le(*part)).collect::<Vec<_>>().as_slice() {
        [client, resource] => Some((*client, *resource, None)),
        [client, resource, person] => Some((*client, *resource, Some(*person))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::uuid;

    /// From <https://learn.microsoft.com/graph/api/oauth2permissiongrant-get> and
    /// <https://learn.microsoft.com/graph/api/oauth2permissiongrant-list>, read 2026-11.
    #[test]
    fn ids_are_those_of_the_documentation() {
        let principal = (
            uuid!("85477313-ea43-4c7d-b8a4-54fed35d0b60"),
            uuid!("27fb395a-fb00-45fe-865e-e71db689eea0"),
            Some(uuid!("7d54cb02-aaa3-4016-9f9c-a4b49422dd9b")),
        );
        let id = "E3NHhUPqfUy4pFT-010LYFo5-ycA-_5Fhl7nHbaJ7qACy1R9o6oWQJ-cpLSUIt2b";
        assert_eq!(grant(principal.0, principal.1, principal.2), id);
        assert_eq!(parts_of(id), Some(principal));
        let everyone =
            (uuid!("ef969797-201d-4f6b-960c-e9ed5f31dab5"), uuid!("943603e4-e787-4fe9-93d1-e30f749aae39"), None);
        let id = "l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk";
        assert_eq!(grant(everyone.0, everyone.1, None), id);
        assert_eq!(parts_of(id), Some(everyone));
    }

    #[test]
    fn a_person_is_known_by_their_id() {
        for user in [0, 1, 49_999] {
            assert_eq!(number_of(person(user)), Some(user));
        }
        assert_eq!(number_of(uuid!("85477313-ea43-4c7d-b8a4-54fed35d0b60")), None);
        for bad in ["", "AAAA", "!!"] {
            assert_eq!(parts_of(bad), None);
        }
    }
}
