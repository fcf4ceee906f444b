-- Sections are exported from the one that heads them on: the older form of the
-- function is used no more.
drop function if exists app.export_sections(bigint[], boolean);
