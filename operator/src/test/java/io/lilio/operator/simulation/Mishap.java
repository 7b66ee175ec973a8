package io.lilio.operator.simulation;

/** What people do, and what happens to pods, volumes, Jobs and nodes. */
enum Mishap {
    SCALE_UP,
    SCALE_DOWN,
    TAKE_BACK_SCALE,
    UPGRADE,
    BROKEN_IMAGE,
    PAUSE,
    ACKNOWLEDGE_LOST,
    ACKNOWLEDGE_ALIVE,
    REPLACE_MEMBER,
    POD_DELETED,
    ALL_PODS_DELETED,
    VOLUME_LOST,
    MEMBER_SILENT,
    JOB_FAILS,
    JOB_VANISHES,
    RUN_LEFT_OVER,
    OBJECT_EDITED,
    OBJECT_DELETED,
    CHANGE_BY_ADMINISTRATOR,
    BUCKET_MADE,
    BUCKET_MADE_TWICE,
    BUCKET_DELETED,
    BUCKET_SECRET_DELETED,
    KEY_DISABLED,
    BAD_WEATHER
}
