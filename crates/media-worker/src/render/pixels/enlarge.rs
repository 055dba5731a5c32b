use super::Pixels;

impl Pixels {
    /// Each pixel becomes `scale` × `scale` of the same: nothing is made up, and drawings stay sharp.
    pub(crate) fn enlarged(self, scale: u32) -> Self {
        if scale <= 1 {
            return self;
        }
        let (times, channels) = (scale as usize, self.layout.channels());
        let row_length = self.width as usize * channels;
        let mut data = Vec::with_capacity(self.data.len() * times * times);
        for row in self.data.chunks_exact(row_length) {
            let start = data.len();
            for pixel in row.chunks_exact(channels) {
                (0..times).for_each(|_| data.extend_from_slice(pixel));
            }
            let end = data.len();
            (1..times).for_each(|_| data.extend_from_within(start..end));
        }
        Self { data, width: self.width * scale, height: self.height * scale, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layout;
    use super::*;

    #[test]
    fn each_pixel_becomes_a_square() {
        let pixels =
            Pixels { data: vec![1, 2, 3, 4, 5, 6], width: 2, height: 1, layout: Layout::Rgb, icc: None };
        let large = pixels.enlarged(2);
        assert_eq!((large.width, large.height), (4, 2));
        let row = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6];
        assert_eq!(large.data, [row, row].concat());
    }
}
