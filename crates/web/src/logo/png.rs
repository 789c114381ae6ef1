//! PNG: decoded to the end and written anew with the same pixels, so that nothing but pixels is
//! left of it.

use std::io::Cursor;

use png::{Compression, Decoder, Encoder, Limits};

use super::{LogoError, WIDEST};

/// What the decoder may take beside the picture itself.
const MEMORY: usize = 16 * 1024 * 1024;

pub(super) fn is_png(file: &[u8]) -> bool {
    file.starts_with(b"\x89PNG\r\n\x1a\n")
}

pub(super) fn rewritten(file: &[u8]) -> Result<Vec<u8>, LogoError> {
    let limits = Limits { bytes: MEMORY };
    let decoder = Decoder::new_with_limits(Cursor::new(file), limits);
    let mut reader = decoder.read_info().map_err(|_| LogoError::DamagedPng)?;
    let (width, height) = reader.info().size();
    if width > WIDEST || height > WIDEST {
        return Err(LogoError::TooWide);
    }
    let size = reader.output_buffer_size().ok_or(LogoError::TooWide)?;
    let mut pixels = vec![0; size];
    let frame = reader
        .next_frame(&mut pixels)
        .map_err(|_| LogoError::DamagedPng)?;
    reader.finish().map_err(|_| LogoError::DamagedPng)?;
    let info = reader.info();
    let mut content = Vec::new();
    let mut encoder = Encoder::new(&mut content, width, height);
    encoder.set_color(frame.color_type);
    encoder.set_depth(frame.bit_depth);
    encoder.set_compression(Compression::High);
    if let Some(palette) = &info.palette {
        encoder.set_palette(palette.to_vec());
    }
    if let Some(transparent) = &info.trns {
        encoder.set_trns(transparent.to_vec());
    }
    let mut writer = encoder.write_header().map_err(|_| LogoError::DamagedPng)?;
    writer
        .write_image_data(&pixels[..frame.buffer_size()])
        .and_then(|()| writer.finish())
        .map_err(|_| LogoError::DamagedPng)?;
    Ok(content)
}
