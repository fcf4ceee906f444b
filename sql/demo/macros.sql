-- What agents of :tenant write again and again: two answers of the team's, one of them in
-- several languages, and one of each agent's own; and lists that are kept and shared.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null
do $$
declare
  list bigint;
begin
  perform app.save_macro(null, 'Ask for a screenshot', true, jsonb_build_object(
    'en', E'Hello {requester.name},\n\ncould you send us a screenshot of the whole window, with the address bar? Drop it into your answer, or paste it there.\n\nKind regards,\n{agent.name}',
    'de', E'Guten Tag {requester.name},\n\nkönnten Sie uns ein Bildschirmfoto des ganzen Fensters schicken, mit der Adresszeile? Ziehen Sie es in Ihre Antwort, oder fügen Sie es dort ein.\n\nFreundliche Grüße\n{agent.name}',
    'it', E'Buongiorno {requester.name},\n\npuò inviarci una schermata dell''intera finestra, con la barra degli indirizzi? La trascini nella risposta oppure la incolli lì.\n\nCordiali saluti\n{agent.name}',
    'sv', E'Hej {requester.name},\n\nkan du skicka en skärmbild av hela fönstret, med adressfältet? Dra den till ditt svar eller klistra in den där.\n\nVänliga hälsningar\n{agent.name}',
    'ja', E'{requester.name} 様\n\nアドレスバーを含む画面全体のスクリーンショットをお送りいただけますか。返信欄にドラッグするか、貼り付けてください。\n\n{agent.name}'),
    '{"status": "blocked"}');
  perform app.save_macro(null, 'Solved: thank and close', true,
    jsonb_build_object('en', E'Hello {requester.name},\n\nwe take it that ticket {ticket.number} is solved. If anything is left, just answer here: that opens it again.\n\n{portal.name}'),
    '{"status": "solved"}');
  -- A list that the team shares, and one of the administrator's own.
  list := (select (v->>'id')::bigint from json_array_elements(app.keep_view('queue', 'High priority, open', 'priority=high&group=open')->'items') v);
  perform app.change_view(list, null, null, null, true);
  perform app.keep_view('queue', 'Sign-in trouble', 'tag=sign-in');
end $$;
commit;
begin;
select auth.set_context(p.tenant_id, null, null, p.id, null, 2::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.email = 'nils.holm@nattjour.example'
  where t.slug = :'tenant' \g /dev/null
do $$
begin
  perform app.save_macro(null, 'I take it, at night', false,
    jsonb_build_object('en', E'Hello {requester.name},\n\nI am on duty tonight and look at "{ticket.title}" now. You will hear from me before the morning.\n\n{agent.name}'),
    '{"assignee": "me", "status": "in_progress"}');
end $$;
commit;
