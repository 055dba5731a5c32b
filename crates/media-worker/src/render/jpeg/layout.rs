//! How blocks follow each other in an interleaved scan (T.81, A.2.3).

use super::header::Header;

/// Most blocks in one MCU (T.81, B.2.3).
const MAX_BLOCKS: u32 = 10;

#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Blocks per MCU across and down.
    pub(super) across: u32,
    pub(super) down: u32,
    /// Pixels of the picture that a sample stands for, across and down.
    pub(super) step_x: u32,
    pub(super) step_y: u32,
    /// Quantisation steps in zigzag order.
    pub(super) steps: [u16; 64],
    /// Numbers of the Huffman tables.
    pub(super) dc: usize,
    pub(super) ac: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// Pixels per MCU.
    pub(super) mcu_width: u32,
    pub(super) mcu_height: u32,
    pub(super) parts: Vec<Part>,
    pub(super) restart_interval: u32,
}

impl Layout {
    /// `None` when the picture is not one baseline scan of grey or YCbCr with luma in full
    /// resolution and colour in a whole fraction of it.
    pub(super) fn of(header: &Header) -> Option<Self> {
        let grey = header.components.len() == 1;
        if !header.is_one_sequential_scan() || !(grey || header.is_ycbcr()) {
            return None;
        }
        // A lone component is not interleaved: its MCU is one block, whatever factors it declares.
        let factors = |c: &super::header::Component| {
            if grey { (1, 1) } else { (u32::from(c.horizontal), u32::from(c.vertical)) }
        };
        let most_across = header.components.iter().map(|c| factors(c).0).max()?;
        let most_down = header.components.iter().map(|c| factors(c).1).max()?;
        let mut parts: Vec<Part> = Vec::new();
        for component in &header.components {
            let (across, down) = factors(component);
            let (dc, ac) = (usize::from(component.dc), usize::from(component.ac));
            header.tables.dc.get(dc)?.as_ref()?;
            header.tables.ac.get(ac)?.as_ref()?;
            let whole_steps = most_across % across == 0 && most_down % down == 0;
            let luma_is_full = !parts.is_empty() || (across, down) == (most_across, most_down);
            if !whole_steps || !luma_is_full {
                return None;
            }
            parts.push(Part {
                across,
                down,
                step_x: most_across / across,
                step_y: most_down / down,
                steps: header.quantization[usize::from(component.quantization)]?,
                dc,
                ac,
            });
        }
        let blocks: u32 = parts.iter().map(|part| part.across * part.down).sum();
        let (mcu_width, mcu_height) = (8 * most_across, 8 * most_down);
        (blocks <= MAX_BLOCKS).then(|| Self {
            columns: header.width.div_ceil(mcu_width),
            rows: header.height.div_ceil(mcu_height),
            mcu_width,
            mcu_height,
            parts,
            restart_interval: header.restart_interval.into(),
        })
    }
}
