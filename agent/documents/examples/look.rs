//! look
#[path = "../tests/it/acts.rs"]
mod acts;
use domain::enrolment::KeyProtection;
use domain::natinf::ReferenceSet;
fn main() {
    let set = ReferenceSet::embedded();
    let dir = std::env::args().nth(1).unwrap();
    let save = |name: &str, r: Result<Vec<u8>, documents::DocumentError>| match r {
        Ok(b) => {
            println!("{name} {}", b.len());
            std::fs::write(format!("{dir}/{name}.pdf"), b).unwrap()
        }
        Err(documents::DocumentError::Layout(m)) => println!("{name}: {}", m.reveal()),
        Err(e) => println!("{name}: {e}"),
    };
    let t = std::time::Instant::now();
    let long: Vec<String> = (0..14).map(|i| format!("Constatons, à {i} mètres de l'entrée principale, la présence d'un homme vêtu d'un blouson sombre qui, à la vue de la patrouille, dépose un sac sur le sol et s'éloigne en direction du quai. Ce sac contient un antivol sectionné et une pince coupante.")).collect();
    let long: Vec<&str> = long.iter().map(|s| s.as_str()).collect();
    let mut r = acts::of_pv(acts::pv(&long));
    r.context.formation = true;
    r.context.protection = KeyProtection::File;
    r.corrects = Some(domain::record::Correction {
        act: r.id,
        record: domain::Digest::of(b"x"),
        refusal: Some(domain::envelope::RefusalCode::CorrectionAsked),
    });
    save("pv", documents::render(&r, &set).map(Option::unwrap));
    println!("{:?}", t.elapsed());
    for _ in 0..3 {
        let t = std::time::Instant::now();
        let _ = documents::render(&r, &set);
        println!("again {:?}", t.elapsed());
    }
    save(
        "controle",
        documents::render(&acts::of_check(acts::check()), &set).map(Option::unwrap),
    );
    let p = acts::of_plainte(acts::plainte());
    save("plainte", documents::render(&p, &set).map(Option::unwrap));
    save("recepisse", documents::recepisse(&p, &set));
    let url = "https://exemple.invalid/piege/".repeat(12);
    let texts = [
        "#eval(\"x\") $x^2$ *gras* _it_ \\ \"guillemets\" <label> @ref // com /* c */ `raw` = titre",
        "deux  espaces\nligne suivante\n\nvide",
        &url,
        "M. אבג et عربي puis Жуков ☺",
    ];
    let mut h = acts::pv(&texts);
    h.subject = "W".repeat(300);
    save(
        "hostile",
        documents::render(&acts::of_pv(h), &set).map(Option::unwrap),
    );
    let big = "x".repeat(20_000);
    let w = "mot ".repeat(16_000);
    let t = std::time::Instant::now();
    save(
        "big",
        documents::render(&acts::of_pv(acts::pv(&[&big])), &set).map(Option::unwrap),
    );
    println!("{:?}", t.elapsed());
    let t = std::time::Instant::now();
    save(
        "words",
        documents::render(&acts::of_pv(acts::pv(&[&w])), &set).map(Option::unwrap),
    );
    println!("{:?}", t.elapsed());
    let many = vec!["a"; 20_000];
    let t = std::time::Instant::now();
    save(
        "many",
        documents::render(&acts::of_pv(acts::pv(&many)), &set).map(Option::unwrap),
    );
    println!("{:?}", t.elapsed());
}
