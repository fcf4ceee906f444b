-- A form that is there ready made (N4): who, where, what, when and with what,
-- with what the answers propose. From then on it is the tenant's own, to change.

-- 'English|German|French|Spanish|Italian|Portuguese|Swedish|Japanese'
create or replace function app.eight_texts(line text) returns jsonb
language sql immutable strict parallel safe
return (select jsonb_object_agg(l.lang, trim(split_part(line, '|', l.n::int)))
  from unnest(array['en', 'de', 'fr', 'es', 'it', 'pt', 'sv', 'ja']) with ordinality l (lang, n));

-- Its questions in their order; needs: a condition.
create or replace function app.ready_fields()
returns table (key text, kind text, required boolean, weight int, needs jsonb, label text, help text)
language sql immutable parallel safe
begin atomic
  values
    ('affected', 'one_of', true, 3, null::jsonb,
      'Who is affected?|Wer ist betroffen?|Qui est concerné ?|¿A quién afecta?|Chi è coinvolto?|Quem é afetado?|Vem berörs?|影響を受けているのは誰ですか', null::text),
    ('profiles', 'text', false, 1, '{"all": [{"field": "affected", "is": ["some", "one"]}]}',
      'Which profiles or roles?|Welche Profile oder Rollen?|Quels profils ou rôles ?|¿Qué perfiles o roles?|Quali profili o ruoli?|Que perfis ou papéis?|Vilka profiler eller roller?|どのプロファイル・役割ですか', null),
    ('user_names', 'long_text', false, 2, '{"all": [{"field": "affected", "is": ["some", "one"]}]}',
      'Their user names|Ihre Benutzernamen|Leurs noms d’utilisateur|Sus nombres de usuario|I loro nomi utente|Os seus nomes de utilizador|Deras användarnamn|ユーザー名',
      'User names, not personal names.|Benutzernamen, keine Personennamen.|Les noms d’utilisateur, pas les noms des personnes.|Nombres de usuario, no de personas.|Nomi utente, non nomi di persona.|Nomes de utilizador, não de pessoas.|Användarnamn, inte personnamn.|個人名ではなくユーザー名を入力してください。'),
    ('policy_tied', 'yes_no', false, 1, '{"all": [{"field": "affected", "is": ["some", "one"]}]}',
      'Is a policy tied to them?|Gilt für sie eine Richtlinie?|Une stratégie leur est-elle appliquée ?|¿Tienen asociada una directiva?|È associato loro un criterio?|Têm uma política associada?|Är en princip knuten till dem?|ポリシーが適用されていますか', null),
    ('courses', 'one_of', false, 2, null,
      'Where does it happen?|Wo tritt es auf?|Où cela se produit-il ?|¿Dónde ocurre?|Dove succede?|Onde acontece?|Var händer det?|どこで起きていますか', null),
    ('course_title', 'text', false, 1, '{"all": [{"field": "courses", "is": ["some"]}]}',
      'Title or display name|Titel oder Anzeigename|Titre ou nom affiché|Título o nombre mostrado|Titolo o nome visualizzato|Título ou nome apresentado|Titel eller visningsnamn|タイトルまたは表示名', null),
    ('course_maker', 'text', false, 1, '{"all": [{"field": "courses", "is": ["some"]}]}',
      'Who made it?|Wer hat es erstellt?|Qui l’a créé ?|¿Quién lo creó?|Chi l’ha creato?|Quem o criou?|Vem har skapat det?|作成者', null),
    ('item_place', 'text', false, 1, '{"any": [{"field": "courses", "is": ["some", "elsewhere"]}]}',
      'Exact place of the item|Genaue Stelle des Elements|Emplacement exact de l’élément|Lugar exacto del elemento|Posizione esatta dell’elemento|Local exato do elemento|Elementets exakta plats|項目の正確な場所', null),
    ('steps', 'long_text', false, 3, null,
      'What did you do before?|Was haben Sie davor getan?|Qu’avez-vous fait avant ?|¿Qué hizo antes?|Che cosa hai fatto prima?|O que fez antes?|Vad gjorde du innan?|直前の操作', null),
    ('error_text', 'long_text', false, 2, null,
      'The exact words of the error|Der genaue Wortlaut des Fehlers|Le texte exact de l’erreur|El texto exacto del error|Il testo esatto dell’errore|O texto exato do erro|Felmeddelandets exakta ord|エラーの正確な文言', null),
    ('first_seen', 'date', false, 1, null,
      'First seen on|Zuerst bemerkt am|Constaté pour la première fois le|Visto por primera vez el|Visto la prima volta il|Visto pela primeira vez em|Först sett den|最初に気づいた日', null),
    ('first_time', 'text', false, 1, null,
      'At what time, in which time zone?|Um welche Zeit, in welcher Zeitzone?|À quelle heure, dans quel fuseau horaire ?|¿A qué hora y en qué zona horaria?|A che ora, in quale fuso orario?|A que horas, em que fuso horário?|Vid vilken tid, i vilken tidszon?|時刻とタイムゾーン', null),
    ('still_there', 'one_of', false, 2, null,
      'Is it still there?|Besteht es noch?|Est-ce toujours le cas ?|¿Sigue ocurriendo?|C’è ancora?|Ainda acontece?|Finns det kvar?|今も続いていますか', null),
    ('impact', 'one_of', false, 3, null,
      'How much does it hinder?|Wie sehr behindert es?|Quelle est la gêne ?|¿Cuánto estorba?|Quanto ostacola?|Quanto atrapalha?|Hur mycket hindrar det?|どの程度の支障がありますか', null),
    ('used_with', 'one_of', false, 1, null,
      'App or web?|App oder Web?|Application ou web ?|¿Aplicación o web?|App o web?|Aplicação ou web?|App eller webb?|アプリですか、ウェブですか', null),
    ('app_version', 'text', false, 1, '{"all": [{"field": "used_with", "is": ["app"]}]}',
      'Version of the app|Version der App|Version de l’application|Versión de la aplicación|Versione dell’app|Versão da aplicação|Appens version|アプリのバージョン', null),
    ('device', 'facts', false, 2, null,
      'Browser and device|Browser und Gerät|Navigateur et appareil|Navegador y dispositivo|Browser e dispositivo|Navegador e dispositivo|Webbläsare och enhet|ブラウザーと端末',
      'Filled in by your browser. Correct it if the problem is elsewhere.|Von Ihrem Browser ausgefüllt. Berichtigen Sie es, wenn das Problem anderswo auftritt.|Rempli par votre navigateur. Corrigez si le problème est ailleurs.|Lo rellena su navegador. Corríjalo si el problema está en otro lugar.|Compilato dal browser. Correggi se il problema è altrove.|Preenchido pelo seu navegador. Corrija se o problema for noutro sítio.|Ifyllt av din webbläsare. Rätta om problemet finns någon annanstans.|ブラウザーが自動入力します。別の端末での問題なら修正してください。'),
    ('special_settings', 'text', false, 1, null,
      'Special settings or extensions|Besondere Einstellungen oder Erweiterungen|Réglages particuliers ou extensions|Ajustes especiales o extensiones|Impostazioni particolari o estensioni|Definições especiais ou extensões|Särskilda inställningar eller tillägg|特別な設定や拡張機能', null),
    ('managed', 'several_of', false, 1, null,
      'The device is|Das Gerät ist|L’appareil est|El dispositivo es|Il dispositivo è|O dispositivo é|Enheten är|端末の種別', null);
end;

create or replace function app.ready_options()
returns table (field text, key text, label text)
language sql immutable parallel safe
begin atomic
  values
    ('affected', 'all', 'Everybody|Alle|Tout le monde|Todos|Tutti|Todos|Alla|全員'),
    ('affected', 'some', 'Some people|Einige|Certaines personnes|Algunas personas|Alcuni|Algumas pessoas|Några|一部の人'),
    ('affected', 'one', 'One person|Eine Person|Une personne|Una persona|Una persona|Uma pessoa|En person|1 人'),
    ('courses', 'all', 'In all courses|In allen Kursen|Dans tous les cours|En todos los cursos|In tutti i corsi|Em todos os cursos|I alla kurser|すべてのコース'),
    ('courses', 'some', 'In some courses|In einigen Kursen|Dans certains cours|En algunos cursos|In alcuni corsi|Em alguns cursos|I några kurser|一部のコース'),
    ('courses', 'elsewhere', 'Elsewhere|Anderswo|Ailleurs|En otro lugar|Altrove|Noutro sítio|Någon annanstans|それ以外'),
    ('still_there', 'still', 'Yes|Ja|Oui|Sí|Sì|Sim|Ja|はい'),
    ('still_there', 'sometimes', 'It comes and goes|Mal ja, mal nein|Par moments|A ratos|Va e viene|De vez em quando|Ibland|ときどき'),
    ('still_there', 'ended', 'It has ended|Es ist vorbei|C’est terminé|Ya no|È finito|Já terminou|Det är över|収まりました'),
    ('impact', 'blocks', 'Work stands still|Die Arbeit steht still|Le travail est arrêté|El trabajo está parado|Il lavoro è fermo|O trabalho está parado|Arbetet står still|作業ができない'),
    ('impact', 'hinders', 'Work goes on with difficulty|Die Arbeit geht mühsam weiter|Le travail continue difficilement|Se trabaja con dificultad|Si lavora a fatica|Trabalha-se com dificuldade|Arbetet går trögt|支障があるが作業はできる'),
    ('impact', 'small', 'Hardly|Kaum|Presque pas|Apenas|Quasi per nulla|Quase nada|Knappt|ほとんど支障はない'),
    ('used_with', 'web', 'Web|Web|Web|Web|Web|Web|Webb|ウェブ'),
    ('used_with', 'app', 'App|App|Application|Aplicación|App|Aplicação|App|アプリ'),
    ('managed', 'private', 'private|privat|privé|privado|privato|privado|privat|個人のもの'),
    ('managed', 'managed', 'managed by the organisation|von der Organisation verwaltet|géré par l’organisation|gestionado por la organización|gestito dall’organizzazione|gerido pela organização|hanterad av organisationen|組織が管理するもの');
end;

-- Makes the type 'problem_report' and what it asks. A field that there is already
-- is asked as it is; a type that there is, refused.
create or replace function app.make_ready_form() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.save_type('problem_report', true,
    app.eight_texts('Problem report|Problemmeldung|Signalement d’un problème|Aviso de un problema|Segnalazione di un problema|Relato de um problema|Problemanmälan|不具合の報告'),
    null, true, null, null, null, null, null);
  insert into app.fields (tenant_id, key, kind, labels, help, options)
    select auth.tenant_id(), r.key, r.kind, app.eight_texts(r.label), coalesce(app.eight_texts(r.help), '{}'),
      (select coalesce(jsonb_agg(jsonb_build_object('key', o.key, 'labels', app.eight_texts(o.label)) order by o.n), '[]')
        from app.ready_options() with ordinality o (field, key, label, n) where o.field = r.key)
    from app.ready_fields() r
    on conflict do nothing;
  insert into app.type_fields (tenant_id, type, field, position, required, weight, condition)
    select auth.tenant_id(), 'problem_report', r.key, r.n, r.required, r.weight, r.needs
    from app.ready_fields() with ordinality r (key, kind, required, weight, needs, label, help, n)
    join app.fields f on f.tenant_id = auth.tenant_id() and f.key = r.key and f.kind = r.kind;
  perform app.set_priority_rules('problem_report', '[
    {"priority": "urgent", "condition": {"all": [{"field": "affected", "is": ["all"]}, {"field": "impact", "is": ["blocks"]}]}},
    {"priority": "high", "condition": {"any": [{"field": "affected", "is": ["all"]}, {"field": "impact", "is": ["blocks"]}]}},
    {"priority": "low", "condition": {"all": [{"field": "affected", "is": ["one"]}, {"field": "impact", "is": ["small"]}]}},
    {"priority": "normal", "condition": {"any": [{"field": "affected", "is": ["some", "one"]}]}}]');
  return app.list_forms();
end $$;
