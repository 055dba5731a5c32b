//! Every page, in both languages, with data as strangers send it.

#![expect(clippy::expect_used, reason = "helpers of tests may stop them")]

use std::collections::BTreeSet;

use http_edge::assets;
use http_edge::pages::Theme;
use http_edge::texts::Lang;

#[path = "../examples/gallery/pages.rs"]
mod pages;
#[path = "../examples/gallery/samples.rs"]
mod samples;
#[path = "../examples/gallery/samples_admin.rs"]
mod samples_admin;
#[path = "../examples/gallery/samples_bots.rs"]
mod samples_bots;
#[path = "../examples/gallery/samples_desk.rs"]
mod samples_desk;

fn each(mut check: impl FnMut(&str, &str)) {
    for lang in Lang::ALL {
        for (name, html) in pages::all(lang, Theme::Auto) {
            check(&format!("{name} in {}", lang.tag()), &html);
        }
    }
}

/// The start tags of a page, lower-case names first: `a href="…"`.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter(|piece| piece.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|piece| piece.split('>').next().unwrap_or_default())
        .collect()
}

fn attributes(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    tags(html)
        .into_iter()
        .filter_map(|tag| tag.split(&start).nth(1)?.split('"').next())
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn what_people_typed_stays_text() {
    each(|name, html| {
        assert!(!html.contains("<script>"), "{name} runs what a person typed");
        assert!(!html.contains("\"'&"), "{name} lets a quote out of its attribute");
    });
    assert!(
        pages::all(Lang::Ru, Theme::Auto).iter().filter(|(_, html)| html.contains("alert(1)")).count() >= 5,
        "the samples show what was typed"
    );
}

#[test]
fn nothing_is_inline() {
    each(|name, html| {
        for tag in tags(html) {
            assert!(!tag.starts_with("style"), "{name} has a <style>");
            if tag.starts_with("script") {
                assert!(tag.contains(" src=\"/assets/"), "{name}: <{tag}>");
            }
            assert!(!tag.contains(" style="), "{name}: <{tag}>");
            let handler = tag.split(' ').any(|part| part.starts_with("on") && part.contains('='));
            assert!(!handler, "{name}: <{tag}>");
        }
        assert!(!html.contains("javascript:"), "{name}");
        assert!(!html.contains("</script><script"), "{name}");
    });
}

#[test]
fn every_asset_and_icon_a_page_names_exists() {
    let sprite = assets::find("0", "icons.svg").expect("a sprite");
    let sprite = String::from_utf8(sprite.bytes.into_owned()).expect("UTF-8");
    each(|name, html| {
        let links = [attributes(html, "href"), attributes(html, "src")].concat();
        for link in links.iter().filter_map(|link| link.strip_prefix("/assets/")) {
            let (version, path) = link.split_once('/').expect("a version");
            let (path, icon) = path.split_once('#').unwrap_or((path, ""));
            assert!(assets::find(version, path).is_some(), "{name}: no {path}");
            assert!(icon.is_empty() || sprite.contains(&format!("id=\"{icon}\"")), "{name}: no icon {icon}");
        }
    });
}

#[test]
fn every_text_of_a_page_has_words() {
    each(|name, html| {
        let keys = ["layout.", "{{", "}}", "Some(", "None"];
        for key in keys {
            assert!(!html.contains(key), "{name} shows {key}");
        }
    });
}

#[test]
fn ids_are_unique_and_labels_find_their_controls() {
    each(|name, html| {
        let outside: String = html
            .split("<template")
            .enumerate()
            .map(
                |(n, part)| {
                    if n == 0 { part } else { part.split_once("</template>").map_or("", |pair| pair.1) }
                },
            )
            .collect();
        let ids = attributes(&outside, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name} has an id twice");
        for target in attributes(&outside, "for") {
            assert!(unique.contains(&target), "{name}: nothing is called {target}");
        }
        for described in attributes(&outside, "aria-describedby") {
            for id in described.split(' ') {
                assert!(ids.iter().any(|known| known == id), "{name}: nothing is called {id}");
            }
        }
        assert_eq!(outside.matches("<h1").count(), 1, "{name} has one heading");
        assert!(outside.contains("<main id=\"main\""), "{name}");
    });
}

#[test]
fn a_page_says_its_language_and_where_the_log_stood() {
    for lang in Lang::ALL {
        for (name, html) in pages::all(lang, Theme::Dark) {
            assert!(html.contains(&format!("<html lang=\"{}\" data-theme=\"dark\"", lang.tag())), "{name}");
            assert!(html.contains("data-after=\"48113\""), "{name}");
        }
    }
}

/// The files a page loads: what it names, and what its modules import.
fn weight(html: &str, extension: &str) -> usize {
    let mut paths: BTreeSet<String> = [attributes(html, "href"), attributes(html, "src")]
        .concat()
        .iter()
        .filter(|link| link.starts_with("/assets/") && link.ends_with(extension))
        .filter_map(|link| link.splitn(4, '/').nth(3).map(ToOwned::to_owned))
        .collect();
    let mut left: Vec<_> = paths.iter().cloned().collect();
    let mut total = 0;
    while let Some(path) = left.pop() {
        let bytes = assets::find("0", &path).expect("an asset").bytes.into_owned();
        total += bytes.len();
        let text = String::from_utf8(bytes).expect("UTF-8");
        let directory = path.rsplit_once('/').map_or("", |pair| pair.0);
        for import in text.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()) {
            let import = format!("{directory}/{import}");
            if paths.insert(import.clone()) {
                left.push(import);
            }
        }
    }
    total
}

#[test]
fn pages_are_light() {
    each(|name, html| {
        let (script, style) = (weight(html, ".js"), weight(html, ".css"));
        assert!(script > 0 && style > 0, "{name} loads nothing: the measure is broken");
        assert!(script < 60_000, "{name} loads {script} bytes of script");
        assert!(style < 30_000, "{name} loads {style} bytes of style");
    });
}
