ALTER TABLE images
    DROP COLUMN placement,
    DROP COLUMN attempts,
    DROP COLUMN lossless,
    DROP COLUMN notes,
    DROP COLUMN candidate;
