//! tmp
#[path = "../tests/sample/mod.rs"] mod sample;

fn main() {
    let (send, views) = std::sync::mpsc::channel();
    for view in sample::shift(sample::identity_check()) {
        send.send(view).unwrap();
    }
    std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_secs(6));
        drop(send);
    });
    ui::run(
        |i| eprintln!("{i:?}"),
        views,
        ui::Options {
            theme: ui::Theme::Dark,
            title: "Terminal".to_owned(),
            screen: Some(ui::Screen::IdentityCheck),
            ..Default::default()
        },
    )
    .unwrap();
    eprintln!("closed");
}
