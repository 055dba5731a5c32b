-- Pictures of orders; the bytes are in the object store, under the names that the columns hold.
CREATE TABLE images (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES users (id),
    source_image_id uuid,
    target_url text,
    status text NOT NULL CHECK (status IN ('uploaded', 'rendered', 'failed')),
    -- Pixels.
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    -- Each an events::images::StoredObject.
    original jsonb NOT NULL,
    processed jsonb,
    qr_png jsonb,
    qr_svg jsonb,
    thumbnail jsonb,
    -- The verdicts of reading the code back, and where it is.
    read_back jsonb,
    geometry jsonb,
    renderer_version text,
    failure_code text,
    failure_message text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((status = 'rendered') = (processed IS NOT NULL)),
    CHECK ((status = 'failed') = (failure_code IS NOT NULL))
);
-- Serves: a customer's pictures, and the foreign key.
CREATE INDEX images_owner ON images (owner_id, created_at DESC);
