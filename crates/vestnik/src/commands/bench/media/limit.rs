//! What libjpeg-turbo takes to decode and encode the same picture, with no code, thumbnail or reading.
//!
//! Measured by its own program, tjbench, inside that process: nothing of it is built into Vestnik.

use std::{process::Command, time::Duration};

use anyhow::{Context as _, ensure};

use super::pictures::{Picture, QUALITY};

const PROGRAM: &str = "tjbench";

pub(super) fn is_available() -> bool {
    Command::new(PROGRAM).output().is_ok()
}

/// What was measured and its milliseconds; nothing when it cannot be.
pub(super) fn of(picture: &Picture, duration: Duration) -> anyhow::Result<Vec<(&'static str, f64)>> {
    if !picture.is_jpeg || !is_available() {
        return Ok(Vec::new());
    }
    let pixels = image::load_from_memory(&picture.file)?.into_rgb8();
    let path = std::env::temp_dir().join(format!("vestnik-bench-{}.ppm", std::process::id()));
    // PPM: a line of header, then the samples.
    let header = format!("P6\n{} {}\n255\n", pixels.width(), pixels.height());
    std::fs::write(&path, [header.as_bytes(), pixels.as_raw()].concat())?;
    let megapixels = f64::from(pixels.width()) * f64::from(pixels.height()) / 1e6;
    let measure = |more: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.arg(&path).arg(QUALITY.to_string()).args(["-rgb", "-subsamp", "420", "-nowrite", "-quiet"]);
        command.args(["-warmup", "0.5", "-benchtime", &duration.as_secs_f64().to_string()]).args(more);
        let output = command.output()?;
        ensure!(output.status.success(), "{PROGRAM} failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok::<_, anyhow::Error>(String::from_utf8(output.stdout)?)
    };
    let measured = measure(&[]).and_then(|rgb| Ok((rgb, measure(&["-yuv"])?)));
    std::fs::remove_file(&path)?;
    let (rgb, yuv) = measured?;
    // Megapixels per second to compress and to decompress, by their place in the line.
    Ok(vec![
        ("libjpeg-turbo, decode + encode, RGB", milliseconds(&rgb, megapixels, [6, 8])?),
        ("libjpeg-turbo, decode + encode, YUV", milliseconds(&yuv, megapixels, [7, 9])?),
    ])
}

fn milliseconds(output: &str, megapixels: f64, places: [usize; 2]) -> anyhow::Result<f64> {
    let line = output.lines().find(|line| line.starts_with("RGB")).context("tjbench says nothing of RGB")?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut total = 0.0;
    for place in places {
        let speed: f64 = words.get(place).context("tjbench says less than expected")?.parse()?;
        total += megapixels / speed * 1_000.0;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_table_is_read() {
        let rgb = "Warmup time = 0.3 seconds\n\nFormat     Subsamp  Qual\n\n\
                   RGB  (TD)  4:2:0    88    1600   1200    250.0   7.437   500.0\n";
        assert!((milliseconds(rgb, 2.0, [6, 8]).unwrap() - 12.0).abs() < 1e-9);
        let yuv = "RGB  (TD)  4:2:0    88    1600   1200    1314    400.0   7.437   200.0   1754\n";
        assert!((milliseconds(yuv, 2.0, [7, 9]).unwrap() - 15.0).abs() < 1e-9);
        assert!(milliseconds("nothing", 2.0, [6, 8]).is_err());
    }
}
