ALTER TABLE orders DROP COLUMN short_code, DROP COLUMN source_image_id;
