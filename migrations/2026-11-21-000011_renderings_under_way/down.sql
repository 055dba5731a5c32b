DROP INDEX images_under_way;
