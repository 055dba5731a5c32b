//! The tables as diesel sees them; a test compares this file with the migrated database.

diesel::table! {
    users (id) {
        id -> Uuid,
        phone -> Nullable<Text>,
        name -> Nullable<Text>,
        role -> Nullable<Text>,
        telegram_user_id -> Nullable<BigInt>,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        username -> Nullable<Text>,
        language_code -> Nullable<Text>,
        linked_user_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        disabled_at -> Nullable<Timestamptz>,
        disabled_reason -> Nullable<Text>,
        access_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    credentials (user_id) {
        user_id -> Uuid,
        password_hash -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Bytea,
        user_id -> Uuid,
        listener -> Text,
        created_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        id -> Uuid,
        device -> Text,
    }
}

diesel::table! {
    account_settings (user_id) {
        user_id -> Uuid,
        language -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    letters_settled (consumer, sequence) {
        consumer -> Text,
        sequence -> BigInt,
        outcome -> Text,
        reason -> Nullable<Text>,
        actor -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    tokens (token_hash) {
        token_hash -> Bytea,
        user_id -> Uuid,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    drafts (user_id) {
        user_id -> Uuid,
        draft -> Jsonb,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    inbox (consumer, event_id) {
        consumer -> Text,
        event_id -> Uuid,
        received_at -> Timestamptz,
        kept -> Bool,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        service -> Text,
        events -> Text,
        created_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    images (id) {
        id -> Uuid,
        owner_id -> Uuid,
        source_image_id -> Nullable<Uuid>,
        target_url -> Nullable<Text>,
        status -> Text,
        width -> Integer,
        height -> Integer,
        original -> Jsonb,
        processed -> Nullable<Jsonb>,
        qr_png -> Nullable<Jsonb>,
        qr_svg -> Nullable<Jsonb>,
        thumbnail -> Nullable<Jsonb>,
        read_back -> Nullable<Jsonb>,
        geometry -> Nullable<Jsonb>,
        renderer_version -> Nullable<Text>,
        failure_code -> Nullable<Text>,
        failure_message -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        placement -> Nullable<Jsonb>,
        attempts -> Nullable<Integer>,
        lossless -> Nullable<Bool>,
        notes -> Nullable<Jsonb>,
        candidate -> Nullable<Jsonb>,
    }
}

diesel::table! {
    orders (id) {
        id -> Uuid,
        customer_id -> Uuid,
        title -> Text,
        description -> Text,
        target_url -> Text,
        total_amount -> BigInt,
        country -> Text,
        region -> Nullable<Text>,
        city -> Nullable<Text>,
        deadline -> Timestamptz,
        platforms -> Array<Text>,
        image_id -> Nullable<Uuid>,
        status -> Text,
        rejection_code -> Nullable<Text>,
        content_hash -> Text,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        source_image_id -> Nullable<Uuid>,
        short_code -> Nullable<Text>,
    }
}

diesel::table! {
    order_scans (order_id, hour, device) {
        order_id -> Uuid,
        hour -> Timestamptz,
        device -> Text,
        scans -> BigInt,
    }
}

diesel::table! {
    balances (user_id) {
        user_id -> Uuid,
        available -> BigInt,
        held -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    ledger (user_id, version) {
        user_id -> Uuid,
        version -> BigInt,
        kind -> Text,
        debit -> Text,
        credit -> Text,
        amount -> BigInt,
        order_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        event_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    user_data (user_id) {
        user_id -> BigInt,
        operator_chat_status -> Text,
        status_position -> BigInt,
        last_position -> BigInt,
        last_message_id -> Uuid,
        updated_at -> Timestamptz,
        bot_id -> BigInt,
        bot_position -> BigInt,
        assignee_id -> Nullable<Uuid>,
        assignee_position -> BigInt,
        banned_reason -> Nullable<Text>,
        banned_position -> BigInt,
        notices -> Bool,
        notices_position -> BigInt,
    }
}

diesel::table! {
    chat_messages (id) {
        id -> Uuid,
        user_id -> BigInt,
        position -> BigInt,
        direction -> Text,
        bot_type -> Text,
        message_type -> Text,
        message_text -> Text,
        telegram_message_id -> Nullable<BigInt>,
        reply_to_telegram_id -> Nullable<BigInt>,
        operator_id -> Nullable<Uuid>,
        verified -> Bool,
        attachment -> Nullable<Jsonb>,
        file_id -> Nullable<Uuid>,
        file -> Nullable<Jsonb>,
        file_failure -> Nullable<Text>,
        delivery_state -> Nullable<Text>,
        delivery_code -> Nullable<Text>,
        delivery_reason -> Nullable<Text>,
        delivery_attempt -> Integer,
        edited_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        bot_id -> BigInt,
        entities -> Nullable<Jsonb>,
        files -> Nullable<Jsonb>,
        details -> Nullable<Jsonb>,
        album -> Nullable<Text>,
        notice_kind -> Nullable<Text>,
        client_message_id -> Nullable<Text>,
        dismissed -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    chat_message_edits (message_id, position) {
        message_id -> Uuid,
        position -> BigInt,
        previous_text -> Text,
        edited_at -> Timestamptz,
        previous_entities -> Nullable<Jsonb>,
    }
}

diesel::table! {
    read_markers (user_id) {
        user_id -> BigInt,
        read_up_to -> BigInt,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    chat_blocks (user_id, bot_id) {
        user_id -> BigInt,
        bot_id -> BigInt,
        blocked -> Bool,
        position -> BigInt,
        at -> Timestamptz,
    }
}

diesel::table! {
    chat_message_parts (message_id, part) {
        message_id -> Uuid,
        part -> Integer,
        text_offset -> Integer,
        text_length -> Integer,
        files -> Array<Integer>,
        state -> Text,
        code -> Nullable<Text>,
        reason -> Nullable<Text>,
        attempt -> Integer,
    }
}

diesel::table! {
    chat_sent_ids (user_id, bot_id, telegram_message_id) {
        user_id -> BigInt,
        bot_id -> BigInt,
        telegram_message_id -> BigInt,
        message_id -> Uuid,
        part -> Integer,
    }
}

diesel::table! {
    chat_files (file_id) {
        file_id -> Uuid,
        message_id -> Uuid,
        file -> Jsonb,
        file_name -> Nullable<Text>,
    }
}

diesel::table! {
    chat_message_changes (message_id, kind) {
        message_id -> Uuid,
        kind -> Text,
        change_id -> Uuid,
        position -> BigInt,
        state -> Text,
        code -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    chat_reactions (user_id, bot_id, telegram_message_id) {
        user_id -> BigInt,
        bot_id -> BigInt,
        telegram_message_id -> BigInt,
        reactions -> Array<Text>,
        position -> BigInt,
    }
}

diesel::table! {
    chat_notes (id) {
        id -> Uuid,
        user_id -> BigInt,
        position -> BigInt,
        note_text -> Text,
        operator_id -> Uuid,
        created_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    bots (bot_id) {
        bot_id -> BigInt,
        username -> Nullable<Text>,
        name -> Nullable<Text>,
        connected_position -> BigInt,
        settings -> Jsonb,
        settings_position -> BigInt,
    }
}

diesel::table! {
    canned_replies (id) {
        id -> Uuid,
        shortcut -> Text,
        canned_text -> Text,
        removed -> Bool,
        position -> BigInt,
    }
}

diesel::table! {
    link_tokens (token_hash) {
        token_hash -> Bytea,
        user_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    calls (id) {
        id -> Uuid,
        bot_id -> BigInt,
        user_id -> BigInt,
        position -> BigInt,
        part -> Integer,
        message_id -> Uuid,
        task -> Jsonb,
        state -> Text,
        attempt -> Integer,
        not_before -> Nullable<Timestamptz>,
        telegram_message_ids -> Array<BigInt>,
        cause -> Jsonb,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    telegram_files (bot_id, sha256, kind) {
        bot_id -> BigInt,
        sha256 -> Text,
        kind -> Text,
        telegram_file_id -> Text,
    }
}

diesel::table! {
    bot_status (bot_id) {
        bot_id -> BigInt,
        status -> Jsonb,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    bot_pauses (bot_id) {
        bot_id -> BigInt,
        until -> Timestamptz,
    }
}

diesel::table! {
    link_positions (telegram_user_id) {
        telegram_user_id -> BigInt,
        position -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    users,
    credentials,
    sessions,
    account_settings,
    letters_settled,
    tokens,
    drafts,
    inbox,
    outbox,
    images,
    orders,
    order_scans,
    balances,
    ledger,
    user_data,
    chat_messages,
    chat_message_edits,
    read_markers,
    chat_blocks,
    chat_message_parts,
    chat_sent_ids,
    chat_files,
    chat_message_changes,
    chat_reactions,
    chat_notes,
    bots,
    canned_replies,
    link_tokens,
    calls,
    telegram_files,
    bot_status,
    bot_pauses,
    link_positions,
);
