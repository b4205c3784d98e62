//! Countries and regions that have numbers, as a list offers them: flag, name, code and calling code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use phonenumber::metadata::DATABASE;

/// A country or region: `GB` and `🇬🇧 United Kingdom (GB) +44`.
pub(super) type Offered = (String, String);

/// The names of one code: English, Chinese, Spanish.
type Names = [&'static str; 3];

static NAMES: LazyLock<BTreeMap<&'static str, Names>> = LazyLock::new(|| {
    let rows = include_str!("names.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut parts = row.split('\t');
        Some((parts.next()?, [parts.next()?, parts.next()?, parts.next()?]))
    })
    .collect()
});

/// Every country and region that has numbers, in the order of their names in this language.
pub(super) fn offered(language: &str) -> Vec<Offered> {
    let mut all: Vec<(String, Offered)> = DATABASE
        .iter()
        .filter(|known| known.id().len() == 2 && known.id().bytes().all(|letter| letter.is_ascii_uppercase()))
        .map(|known| {
            let (id, name) = (known.id(), name(known.id(), language));
            let words = format!("{} {name} ({id}) +{}", flag(id), known.country_code());
            (sorted_by(name, id, language), (id.to_owned(), words))
        })
        .collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|(_, offered)| offered).collect()
}

/// The name in this language, or the code of what has none.
fn name<'a>(id: &'a str, language: &str) -> &'a str {
    let place = match language {
        "zh" => 1,
        "es" => 2,
        _ => 0,
    };
    NAMES.get(id).and_then(|names| names.get(place)).copied().unwrap_or(id)
}

/// What a list is in order of: in Chinese the code, which the eye finds, else the name without its accents.
fn sorted_by(name: &str, id: &str, language: &str) -> String {
    if language == "zh" {
        return id.to_owned();
    }
    let plain = |letter: char| match letter {
        'á' | 'à' | 'â' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    name.to_lowercase().chars().map(plain).collect()
}

/// The flag of an ISO 3166 code, as two regional indicators.
fn flag(id: &str) -> String {
    id.bytes()
        .filter_map(|letter| char::from_u32(0x1F1E6 + u32::from(letter.saturating_sub(b'A'))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_offered_by_its_name() {
        for (language, britain, sweden) in [
            ("en", "🇬🇧 United Kingdom (GB) +44", "🇸🇪 Sweden (SE) +46"),
            ("zh", "🇬🇧 英国 (GB) +44", "🇸🇪 瑞典 (SE) +46"),
            ("es", "🇬🇧 Reino Unido (GB) +44", "🇸🇪 Suecia (SE) +46"),
        ] {
            let all = offered(language);
            assert!(all.len() > 200);
            for words in [britain, sweden] {
                assert!(all.iter().any(|(_, there)| there == words), "{words}");
            }
            let nameless = all.iter().find(|(id, _)| name(id, language) == id);
            assert_eq!(nameless, None, "{language}");
        }
    }

    /// Accents do not send a name to the end of the list.
    #[test]
    fn the_list_is_in_order_for_its_readers() {
        let ids: Vec<String> = offered("en").into_iter().map(|(id, _)| id).collect();
        let place = |id: &str| ids.iter().position(|there| there == id);
        assert!(place("AX") < place("AL") || place("AX") < place("DZ"), "Åland Islands");
        assert!(place("CI") < place("HR"), "Côte d’Ivoire");
    }
}
