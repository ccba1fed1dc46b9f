//! Where a scenario may go, as the configuration has it.

use super::*;

fn post(name: &str, vendor: Vendor) -> Post {
    let queues = vec![Queue {
        id: "123".into(),
        name: "sales".into(),
        service_level: Queue::SERVICE_LEVEL,
        critical: Queue::CRITICAL,
    }];
    Post {
        site: Site {
            name: name.into(),
            vendor,
            queues: queues.clone(),
            country: None,
            people: People::default(),
        },
        allowed: true,
        production: false,
        max_rate: 10,
        target: (vendor == Vendor::Enswitch).then(|| Target {
            site: name.into(),
            base: "http://127.0.0.1/api/json".into(),
            verb: Verb::Post,
            queues,
            allowed: true,
            production: false,
        }),
        reaches: Arc::new(|to| match to {
            "http://here" => Ok(()),
            _ => Err("is far away; come nearer".to_owned()),
        }),
    }
}

/// What is wrong with a scenario at these sites.
fn refused(text: &str, posts: &[Post], default: Option<&str>, rate: Option<f64>) -> Vec<String> {
    match check::check(&Plan::whole(&read(text), 1, noon()), posts, default, rate) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes
            .iter()
            .map(|m| format!("{}: {}", m.line, m.what))
            .collect(),
    }
}

#[test]
fn a_scenario_goes_only_where_the_configuration_lets_it() {
    let both = [
        post("team", Vendor::Contaqt),
        post("sales", Vendor::Enswitch),
    ];
    let ring = "[[step]]\nevent = \"call:ring\"\n";
    let inject = "[[step]]\ninject = { queue = \"sales\", time = \"-5m\" }\n";
    let fine: Vec<String> = Vec::new();
    assert_eq!(refused(ring, &both, None, None), fine);
    assert_eq!(refused(inject, &both, None, None), fine);
    let change = |which: usize, how: fn(&mut Post)| {
        let mut posts = both.to_vec();
        how(&mut posts[which]);
        posts
    };
    let cases: [(&str, Vec<Post>, Option<&str>, &str); 11] = [
        (
            ring,
            both.to_vec(),
            Some("taem"),
            "1: there is no site \"taem\" in the configuration; did you mean \"team\"?",
        ),
        (
            ring,
            both.to_vec(),
            Some("sales"),
            "1: this step speaks as contaqt, and site \"sales\" is enswitch; name another",
        ),
        (
            inject,
            both.to_vec(),
            Some("team"),
            "1: this step injects a queue event (enswitch), and site \"team\" is contaqt",
        ),
        (
            ring,
            change(0, |p| p.allowed = false),
            Some("team"),
            "1: site \"team\" does not allow it; add \"inject\" to its `allow`",
        ),
        (
            ring,
            change(0, |p| p.production = true),
            Some("team"),
            "1: site \"team\" is a production site, where no scenario runs",
        ),
        (
            inject,
            change(1, |p| p.production = true),
            Some("sales"),
            "1: site \"sales\" is a production site",
        ),
        (
            ring,
            change(0, |p| p.allowed = false),
            None,
            "1: this step speaks as contaqt, and no site fits; one needs allow",
        ),
        (
            ring,
            vec![post("a", Vendor::Contaqt), post("b", Vendor::Contaqt)],
            None,
            "1: this step names no site; add site = … (a or b)",
        ),
        (
            "[[step]]\nevent = \"call:ring\"\nto = \"http://there\"\n",
            both.to_vec(),
            None,
            "1: `to` is far away; come nearer",
        ),
        (
            "[[step]]\ninject = { queue = \"nobody\" }\n",
            both.to_vec(),
            None,
            "1: there is no queue \"nobody\" at sales",
        ),
        (
            "[vars]\np = \"x\"\n[[step]]\ninject = { queue = 1, position = \"${p}\" }\n",
            both.to_vec(),
            None,
            "3: position is a whole number",
        ),
    ];
    for (text, posts, default, expected) in cases {
        let told = refused(text, &posts, default, None);
        assert!(
            told.iter().any(|t| t.starts_with(expected)),
            "{expected}: {told:?}"
        );
    }
}

#[test]
fn an_expectation_is_about_the_site_that_can_tell_such_things() {
    let fine: Vec<String> = Vec::new();
    let sites = |names: &[(&str, Vendor)]| -> Vec<Post> {
        names
            .iter()
            .map(|(name, vendor)| post(name, *vendor))
            .collect()
    };
    // Both may be sent to, and one of them alone speaks.
    let both = sites(&[("sales", Vendor::Enswitch), ("team", Vendor::Contaqt)]);
    assert_eq!(refused(CALL, &both, None, None), fine);
    // Of several that tell it, the one that is sent to.
    let many = sites(&[("team", Vendor::Contaqt), ("phones", Vendor::Telphin)]);
    assert_eq!(refused(CALL, &many, None, None), fine);
    let dial = "[[step]]\nevent = \"dial-in\"\nset.CalledExtensionID = \"175\"\n[[step]]\nexpect = { event = \"dial-in\" }\n";
    assert_eq!(refused(dial, &many, None, None), fine);
    let plan = Plan::whole(&read(dial), 1, noon());
    let found = check::check(&plan, &many, None, None).unwrap();
    assert_eq!((found.of(1), found.of(4)), ("phones", "phones"));
    let alone = "[[step]]\nexpect = { agent = \"17\", state = \"paused\" }\n";
    assert_eq!(
        refused(alone, &many, None, None),
        ["1: this step names no site; add site = … (team or phones)"]
    );
    assert_eq!(
        refused(alone, &both, Some("sales"), None),
        ["1: this step expects, and site \"sales\" is enswitch; name another with site = …"]
    );
}

#[test]
fn more_than_ten_a_second_need_the_sites_leave() {
    let burst = |times: u32| {
        format!("[[step]]\nevent = \"call:ring\"\ntimes = {times}\nevery = \"50ms\"\n")
    };
    let mut posts = [post("team", Vendor::Contaqt)];
    let told = refused(&burst(11), &posts, None, None);
    assert_eq!(
        told,
        [
            "1: 11 requests in one second are too many: site \"team\" takes 10 a second; slow down, \
             or set `max_rate` for it"
        ]
    );
    assert!(refused(&burst(10), &posts, None, None).is_empty());
    let told = refused(&burst(1), &posts, None, Some(10.5));
    assert!(told[0].contains("--rate 10.5 is too fast"), "{told:?}");
    assert!(refused(&burst(1), &posts, None, Some(10.0)).is_empty());
    posts[0].max_rate = 20;
    assert!(refused(&burst(100), &posts, None, None).is_empty());
}
