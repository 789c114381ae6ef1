//! Files that a logo may be, and files that want to be more.

use super::*;

const WRAP: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9 9\">";

/// What somebody would put into a logo to reach whoever sees it; each within an `svg` element.
const HOSTILE: [&str; 40] = [
    "<script>alert(1)</script>",
    "<script href='https://evil.example/x.js'/>",
    "<script xlink:href='data:text/javascript,alert(1)'/>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    "<s:script xmlns:s='http://www.w3.org/2000/svg'>alert(1)</s:script>",
    "<g onload='alert(1)'/>",
    "<rect width='9' height='9' OnClick='alert(1)'/>",
    "<g xmlns:x='urn:x' x:onload='alert(1)'/>",
    "<a href='javascript:alert(1)'><rect width='9' height='9'/></a>",
    "<a xlink:href='https://evil.example/'><text>Sign in</text></a>",
    "<use href='https://evil.example/x.svg#a'/>",
    "<use xlink:href='#a'/>",
    "<image href='https://evil.example/track.gif'/>",
    "<image xlink:href='data:image/svg+xml;base64,PHN2Zy8+'/>",
    "<feImage href='https://evil.example/x'/>",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><iframe src='//evil.example'/></body></foreignObject>",
    "<iframe xmlns='http://www.w3.org/1999/xhtml' src='https://evil.example'/>",
    "<html:embed xmlns:html='http://www.w3.org/1999/xhtml' src='x.swf'/>",
    "<animate attributeName='href' values='javascript:alert(1)'/>",
    "<set attributeName='onmouseover' to='alert(1)'/>",
    "<animateTransform onbegin='alert(1)'/>",
    "<handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event='load'>alert(1)</handler>",
    "<style>@import url(https://evil.example/x.css);</style>",
    "<style>.a{fill:url(https://evil.example/x.svg#a)}</style>",
    "<style>.a{background:u\\72l(https://evil.example/x)}</style>",
    "<style><![CDATA[@font-face{font-family:x;src:url(//evil.example/f)}]]></style>",
    "<style>.a{fill:red}</style><style>.b{width:expression(alert(1))}</style>",
    "<style>.a{}&lt;/style><script>alert(1)</script></style>",
    "<rect style='fill:url(https://evil.example/#a)'/>",
    "<rect style='background-image:image-set(\"https://evil.example/x\" 1x)'/>",
    "<rect fill='url(https://evil.example/x.svg#p)'/>",
    "<rect fill='URL(//evil.example/x.svg#p)'/>",
    "<rect clip-path='url(data:image/svg+xml,x#a)'/>",
    "<rect cursor='url(https://evil.example/c.cur)'/>",
    "<linearGradient id='a' href='https://evil.example/x.svg#b'/>",
    "<linearGradient xlink:href='javascript:alert(1)#b'/>",
    "<?xml-stylesheet href='https://evil.example/x.css'?><!-- <script>alert(1)</script> -->",
    "<metadata><rdf xmlns='urn:rdf' about='https://evil.example'/></metadata>",
    "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title><g id='\"&gt;&lt;script&gt;'/>",
];

fn cleaned(inside: &str) -> Logo {
    let file = format!("{WRAP}{inside}<path d='M0 0h9v9z'/></svg>");
    Logo::of(file.as_bytes()).unwrap_or_else(|error| panic!("{inside}: {error}"))
}

#[test]
fn nothing_hostile_is_left() {
    for inside in HOSTILE {
        let logo = cleaned(inside);
        let text = std::str::from_utf8(&logo.content).unwrap();
        let lower = text.to_lowercase();
        let rest = lower.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for mark in [
            "<script",
            "<!",
            "<?",
            "javascript",
            "evil",
            "data:",
            "http",
            "//",
            "url(",
            "@",
            "\\",
            "<a",
            "<use",
            "<image",
            "<foreign",
            "<iframe",
            "<set",
            "expression",
            "image-set",
            " on",
            ":on",
            "xlink",
            "<handler",
            "<h:",
            "<s:script",
            "cursor",
            "<metadata",
        ] {
            assert!(!rest.contains(mark), "{inside}\n→ {text}\nholds {mark}");
        }
        assert!(text.contains("<path d=\"M0 0h9v9z\"></path>"), "{text}");
        // What is clean stays as it is.
        let again = Logo::of(&logo.content).unwrap();
        assert_eq!(
            (&again.content, again.left_out),
            (&logo.content, 0),
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let bomb = "<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>";
    let deep = format!("{WRAP}{}{}</svg>", "<g>".repeat(50), "</g>".repeat(50));
    let outside_deep = format!("{WRAP}{}{}</svg>", "<b>".repeat(50), "</b>".repeat(50));
    let many = format!("{WRAP}{}</svg>", "<g/>".repeat(31_000));
    for file in [
        format!("{bomb}{WRAP}<title>&b;</title></svg>"),
        format!("{bomb}{WRAP}<g id='&b;'/></svg>"),
        "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>".to_owned(),
        deep,
        outside_deep,
        many,
        "<svg><path d='M0 0'/></svg>".to_owned(),
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>".to_owned(),
        format!("{WRAP}<g>"),
        format!("{WRAP}</g></svg>"),
        format!("{WRAP}</svg>{WRAP}</svg>"),
        format!("{WRAP}</svg>text"),
        format!("{WRAP}<title>&#1;</title></svg>"),
        format!("{WRAP}<title>&#0;</title></svg>"),
        "<".to_owned(),
    ] {
        let refused = Logo::of(file.as_bytes());
        let shown: String = file.chars().take(120).collect();
        assert!(matches!(refused, Err(LogoError::DamagedSvg(_))), "{shown}: {refused:?}");
    }
    let large = vec![b' '; LARGEST + 1];
    for (file, error) in [
        (&b""[..], LogoError::Empty),
        (b"GIF89a", LogoError::Format),
        (b"\xff\xfe<\0s\0", LogoError::Format),
        (b"hello", LogoError::Format),
        (&large, LogoError::TooLarge),
        (b"\x89PNG\r\n\x1a\n", LogoError::DamagedPng),
    ] {
        assert_eq!(Logo::of(file), Err(error));
    }
}

#[test]
fn an_honest_drawing_stays_what_it_was() {
    let file = "\u{feff}<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>\n\
        <s:svg xmlns:s='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='64px' height='32'>\
        <s:title>Ride &amp; Ledger — ✓</s:title>\
        <s:style type='text/css'>.st0{fill:#0b5c3f} .st1>path{fill:rgb(0,0,0)}</s:style>\
        <s:defs><s:linearGradient id='a'><s:stop offset='0' stop-color='#fff'/></s:linearGradient>\
        <s:linearGradient id='b' xlink:href='#a' gradientTransform='rotate(45)'/></s:defs>\
        <s:g class='st0 st1' style='opacity:.5'><s:path d='M0 0h1z' fill='url(#b)'/></s:g>\
        <s:text x='1' y='2'>a &#x3c; b</s:text></s:svg>\n";
    let logo = Logo::of(file.as_bytes()).unwrap();
    assert_eq!(logo.left_out, 0, "the type of a style sheet is no loss");
    insta::assert_snapshot!(String::from_utf8(logo.content.clone()).unwrap());
    assert!(
        kind_of(&logo) == Some("svg") && logo.name.len() == 24,
        "{}",
        logo.name
    );
}

fn kind_of(logo: &Logo) -> Option<&str> {
    logo.name.rsplit('.').next()
}

/// A PNG of one colour, with a chunk of text and something behind its end.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut file, width, height);
    encoder.set_color(::png::ColorType::Rgba);
    encoder
        .add_text_chunk("Comment".to_owned(), "<script>alert(1)</script>".to_owned())
        .unwrap();
    let mut writer = encoder.write_header().unwrap();
    let pixels = [11, 92, 63, 255].repeat(usize::try_from(width * height).unwrap());
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    file.extend_from_slice(b"<svg onload=alert(1)>");
    file
}

#[test]
fn of_a_png_only_its_pixels_are_kept() {
    let file = png(40, 30);
    let logo = Logo::of(&file).unwrap();
    assert!(kind_of(&logo) == Some("png"));
    let holds = |mark: &[u8]| logo.content.windows(mark.len()).any(|part| part == mark);
    assert!(!holds(b"script") && !holds(b"onload") && !holds(b"tEXt"));
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(&logo.content))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, [11, 92, 63, 255].repeat(40 * 30));
    // The same picture has the same name.
    assert_eq!(Logo::of(&logo.content).unwrap(), logo);
}

#[test]
fn a_png_that_is_too_large_or_broken_is_refused() {
    assert_eq!(Logo::of(&png(WIDEST + 1, 1)), Err(LogoError::TooWide));
    let file = png(40, 30);
    let half = &file[..file.len() / 2];
    assert_eq!(Logo::of(half), Err(LogoError::DamagedPng));
    let mut flipped = file;
    let data = flipped.windows(4).position(|part| part == b"IDAT").unwrap();
    flipped[data + 10] ^= 1;
    assert_eq!(Logo::of(&flipped), Err(LogoError::DamagedPng));
}

#[test]
fn an_answer_can_do_nothing() {
    let answer = given("0123.svg", b"<svg/>".to_vec());
    let headers = answer.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "image/svg+xml");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(
        headers[header::CONTENT_SECURITY_POLICY],
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    );
    assert_eq!(
        given("1.png", Vec::new()).headers()[header::CONTENT_TYPE],
        "image/png"
    );
}
