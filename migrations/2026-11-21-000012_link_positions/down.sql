DROP TABLE link_positions;
