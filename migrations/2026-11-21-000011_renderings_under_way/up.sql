-- Serves: how many of a customer's renderings are under way, before one more is begun.
CREATE INDEX images_under_way ON images (owner_id) WHERE status = 'uploaded' AND target_url IS NOT NULL;
