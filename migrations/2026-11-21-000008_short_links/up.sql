-- The picture that the customer chose, when `image_id` is a rendering of it with the order's own code.
ALTER TABLE orders ADD COLUMN source_image_id uuid REFERENCES images (id);
-- What the order's short link ends with, if its QR code carries one.
ALTER TABLE orders ADD COLUMN short_code text;
-- Serves: whoever scans the code. Not unique: two orders with one code are all but impossible, and would then
-- be no reason to refuse the second one; the older one keeps it.
CREATE INDEX orders_short_code ON orders (short_code, created_at) WHERE short_code IS NOT NULL;
-- Serves: the foreign key.
CREATE INDEX orders_source_image ON orders (source_image_id) WHERE source_image_id IS NOT NULL;
