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
        bot_blocked -> Bool,
        blocked_position -> BigInt,
        last_position -> BigInt,
        last_message_id -> Uuid,
        updated_at -> Timestamptz,
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
    }
}

diesel::table! {
    chat_message_edits (message_id, position) {
        message_id -> Uuid,
        position -> BigInt,
        previous_text -> Text,
        edited_at -> Timestamptz,
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
    deliveries (message_id) {
        message_id -> Uuid,
        user_id -> BigInt,
        position -> BigInt,
        state -> Text,
        attempt -> Integer,
        message_text -> Text,
        reply_to_telegram_id -> Nullable<BigInt>,
        cause -> Jsonb,
        updated_at -> Timestamptz,
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
    deliveries,
    link_positions,
);
