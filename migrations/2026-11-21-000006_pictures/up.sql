-- What the customer chose for the QR code, and how the picture came out. No column is asked for by a
-- query of its own, so there is no index.
ALTER TABLE images
    -- An events::images::Placement; null where the customer chose none.
    ADD COLUMN placement jsonb,
    -- How often it was rendered.
    ADD COLUMN attempts integer CHECK (attempts >= 0),
    -- Whether nothing outside the plate was encoded anew.
    ADD COLUMN lossless boolean,
    -- Codes such as first_frame: an array of texts, null when there are none.
    ADD COLUMN notes jsonb,
    -- An events::images::StoredObject: the rendering whose code was not read. For administrators.
    ADD COLUMN candidate jsonb,
    ADD CHECK (candidate IS NULL OR status = 'failed');
