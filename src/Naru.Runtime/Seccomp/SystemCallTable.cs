namespace Naru.Runtime.Seccomp;

/// <summary>The numbers of system calls on x86, as the kernel's headers have them; written by eng/system-calls.</summary>
internal static class SystemCallTable
{
    /// <summary>How many numbers stand for one call: on x86-64, on x32 (without its bit), on x86; -1 where there is none.</summary>
    public const int Columns = 3;

    /// <summary>Above all numbers.</summary>
    public const int Limit = 548;

    /// <summary>All names, sorted, one behind the other.</summary>
    public static ReadOnlySpan<byte> Names =>
        "_llseek_newselect_sysctlacceptaccept4accessacctadd_keyadjtimexafs_syscallalarmarch_prctlbdflushbindbpfbreakbrkcachestatcapgetcapsetchdirchmo"u8 +
        "dchownchown32chrootclock_adjtimeclock_adjtime64clock_getresclock_getres_time64clock_gettimeclock_gettime64clock_nanosleepclock_nanosleep_tim"u8 +
        "e64clock_settimeclock_settime64cloneclone3closeclose_rangeconnectcopy_file_rangecreatcreate_moduledelete_moduledupdup2dup3epoll_createepoll_"u8 +
        "create1epoll_ctlepoll_ctl_oldepoll_pwaitepoll_pwait2epoll_waitepoll_wait_oldeventfdeventfd2execveexecveatexitexit_groupfaccessatfaccessat2fa"u8 +
        "dvise64fadvise64_64fallocatefanotify_initfanotify_markfchdirfchmodfchmodatfchmodat2fchownfchown32fchownatfcntlfcntl64fdatasyncfgetxattrfile_"u8 +
        "getattrfile_setattrfinit_moduleflistxattrflockforkfremovexattrfsconfigfsetxattrfsmountfsopenfspickfstatfstat64fstatat64fstatfsfstatfs64fsync"u8 +
        "ftimeftruncateftruncate64futexfutex_requeuefutex_time64futex_waitfutex_waitvfutex_wakefutimesatget_kernel_symsget_mempolicyget_robust_listge"u8 +
        "t_thread_areagetcpugetcwdgetdentsgetdents64getegidgetegid32geteuidgeteuid32getgidgetgid32getgroupsgetgroups32getitimergetpeernamegetpgidgetp"u8 +
        "grpgetpidgetpmsggetppidgetprioritygetrandomgetresgidgetresgid32getresuidgetresuid32getrlimitgetrusagegetsidgetsocknamegetsockoptgettidgettim"u8 +
        "eofdaygetuidgetuid32getxattrgetxattratgttyidleinit_moduleinotify_add_watchinotify_initinotify_init1inotify_rm_watchio_cancelio_destroyio_get"u8 +
        "eventsio_pgeteventsio_pgetevents_time64io_setupio_submitio_uring_enterio_uring_registerio_uring_setupioctliopermioplioprio_getioprio_setipck"u8 +
        "cmpkexec_file_loadkexec_loadkeyctlkilllandlock_add_rulelandlock_create_rulesetlandlock_restrict_selflchownlchown32lgetxattrlinklinkatlistenl"u8 +
        "istmountlistnslistxattrlistxattratllistxattrlocklookup_dcookielremovexattrlseeklsetxattrlsm_get_self_attrlsm_list_moduleslsm_set_self_attrls"u8 +
        "tatlstat64madvisemap_shadow_stackmbindmembarriermemfd_creatememfd_secretmigrate_pagesmincoremkdirmkdiratmknodmknodatmlockmlock2mlockallmmapm"u8 +
        "map2modify_ldtmountmount_setattrmove_mountmove_pagesmprotectmpxmq_getsetattrmq_notifymq_openmq_timedreceivemq_timedreceive_time64mq_timedsen"u8 +
        "dmq_timedsend_time64mq_unlinkmremapmsealmsgctlmsggetmsgrcvmsgsndmsyncmunlockmunlockallmunmapname_to_handle_atnanosleepnewfstatatnfsservctlni"u8 +
        "ceoldfstatoldlstatoldoldunameoldstatoldunameopenopen_by_handle_atopen_treeopen_tree_attropenatopenat2pauseperf_event_openpersonalitypidfd_ge"u8 +
        "tfdpidfd_openpidfd_send_signalpipepipe2pivot_rootpkey_allocpkey_freepkey_mprotectpollppollppoll_time64prctlpread64preadvpreadv2prlimit64proc"u8 +
        "ess_madviseprocess_mreleaseprocess_vm_readvprocess_vm_writevprofprofilpselect6pselect6_time64ptraceputpmsgpwrite64pwritevpwritev2query_modul"u8 +
        "equotactlquotactl_fdreadreadaheadreaddirreadlinkreadlinkatreadvrebootrecvfromrecvmmsgrecvmmsg_time64recvmsgremap_file_pagesremovexattrremove"u8 +
        "xattratrenamerenameatrenameat2request_keyrestart_syscallrmdirrseqrseq_slice_yieldrt_sigactionrt_sigpendingrt_sigprocmaskrt_sigqueueinfort_si"u8 +
        "greturnrt_sigsuspendrt_sigtimedwaitrt_sigtimedwait_time64rt_tgsigqueueinfosched_get_priority_maxsched_get_priority_minsched_getaffinitysched"u8 +
        "_getattrsched_getparamsched_getschedulersched_rr_get_intervalsched_rr_get_interval_time64sched_setaffinitysched_setattrsched_setparamsched_s"u8 +
        "etschedulersched_yieldseccompsecurityselectsemctlsemgetsemopsemtimedopsemtimedop_time64sendfilesendfile64sendmmsgsendmsgsendtoset_mempolicys"u8 +
        "et_mempolicy_home_nodeset_robust_listset_thread_areaset_tid_addresssetdomainnamesetfsgidsetfsgid32setfsuidsetfsuid32setgidsetgid32setgroupss"u8 +
        "etgroups32sethostnamesetitimersetnssetpgidsetprioritysetregidsetregid32setresgidsetresgid32setresuidsetresuid32setreuidsetreuid32setrlimitse"u8 +
        "tsidsetsockoptsettimeofdaysetuidsetuid32setxattrsetxattratsgetmaskshmatshmctlshmdtshmgetshutdownsigactionsigaltstacksignalsignalfdsignalfd4s"u8 +
        "igpendingsigprocmasksigreturnsigsuspendsocketsocketcallsocketpairsplicessetmaskstatstat64statfsstatfs64statmountstatxstimesttyswapoffswapons"u8 +
        "ymlinksymlinkatsyncsync_file_rangesyncfssysfssysinfosyslogteetgkilltimetimer_createtimer_deletetimer_getoverruntimer_gettimetimer_gettime64t"u8 +
        "imer_settimetimer_settime64timerfd_createtimerfd_gettimetimerfd_gettime64timerfd_settimetimerfd_settime64timestkilltruncatetruncate64tuxcall"u8 +
        "ugetrlimitulimitumaskumountumount2unameunlinkunlinkatunshareuprobeuretprobeuselibuserfaultfdustatutimeutimensatutimensat_time64utimesvforkvh"u8 +
        "angupvm86vm86oldvmsplicevserverwait4waitidwaitpidwritewritev"u8;

    /// <summary>Where each name ends.</summary>
    public static ReadOnlySpan<ushort> Ends =>
    [
        7, 17, 24, 30, 37, 43, 47, 54, 62, 73, 78, 88, 95, 99, 102, 107, 110, 119, 125, 131, 136, 141, 146, 153, 159, 172, 187, 199, 218, 231, 246, 261, 283,
        296, 311, 316, 322, 327, 338, 345, 360, 365, 378, 391, 394, 398, 402, 414, 427, 436, 449, 460, 472, 482, 496, 503, 511, 517, 525, 529, 539, 548, 558,
        567, 579, 588, 601, 614, 620, 626, 634, 643, 649, 657, 665, 670, 677, 686, 695, 707, 719, 731, 741, 746, 750, 762, 770, 779, 786, 792, 798, 803, 810,
        819, 826, 835, 840, 845, 854, 865, 870, 883, 895, 905, 916, 926, 935, 950, 963, 978, 993, 999, 1005, 1013, 1023, 1030, 1039, 1046, 1055, 1061, 1069,
        1078, 1089, 1098, 1109, 1116, 1123, 1129, 1136, 1143, 1154, 1163, 1172, 1183, 1192, 1203, 1212, 1221, 1227, 1238, 1248, 1254, 1266, 1272, 1280, 1288,
        1298, 1302, 1306, 1317, 1334, 1346, 1359, 1375, 1384, 1394, 1406, 1419, 1439, 1447, 1456, 1470, 1487, 1501, 1506, 1512, 1516, 1526, 1536, 1539, 1543,
        1558, 1568, 1574, 1578, 1595, 1618, 1640, 1646, 1654, 1663, 1667, 1673, 1679, 1688, 1694, 1703, 1714, 1724, 1728, 1742, 1754, 1759, 1768, 1785, 1801,
        1818, 1823, 1830, 1837, 1853, 1858, 1868, 1880, 1892, 1905, 1912, 1917, 1924, 1929, 1936, 1941, 1947, 1955, 1959, 1964, 1974, 1979, 1992, 2002, 2012,
        2020, 2023, 2036, 2045, 2052, 2067, 2089, 2101, 2120, 2129, 2135, 2140, 2146, 2152, 2158, 2164, 2169, 2176, 2186, 2192, 2209, 2218, 2228, 2238, 2242,
        2250, 2258, 2269, 2276, 2284, 2288, 2305, 2314, 2328, 2334, 2341, 2346, 2361, 2372, 2383, 2393, 2410, 2414, 2419, 2429, 2439, 2448, 2461, 2465, 2470,
        2482, 2487, 2494, 2500, 2507, 2516, 2531, 2547, 2563, 2580, 2584, 2590, 2598, 2613, 2619, 2626, 2634, 2641, 2649, 2661, 2669, 2680, 2684, 2693, 2700,
        2708, 2718, 2723, 2729, 2737, 2745, 2760, 2767, 2783, 2794, 2807, 2813, 2821, 2830, 2841, 2856, 2861, 2865, 2881, 2893, 2906, 2920, 2935, 2947, 2960,
        2975, 2997, 3014, 3036, 3058, 3075, 3088, 3102, 3120, 3141, 3169, 3186, 3199, 3213, 3231, 3242, 3249, 3257, 3263, 3269, 3275, 3280, 3290, 3307, 3315,
        3325, 3333, 3340, 3346, 3359, 3382, 3397, 3412, 3427, 3440, 3448, 3458, 3466, 3476, 3482, 3490, 3499, 3510, 3521, 3530, 3535, 3542, 3553, 3561, 3571,
        3580, 3591, 3600, 3611, 3619, 3629, 3638, 3644, 3654, 3666, 3672, 3680, 3688, 3698, 3706, 3711, 3717, 3722, 3728, 3736, 3745, 3756, 3762, 3770, 3779,
        3789, 3800, 3809, 3819, 3825, 3835, 3845, 3851, 3859, 3863, 3869, 3875, 3883, 3892, 3897, 3902, 3906, 3913, 3919, 3926, 3935, 3939, 3954, 3960, 3965,
        3972, 3978, 3981, 3987, 3991, 4003, 4015, 4031, 4044, 4059, 4072, 4087, 4101, 4116, 4133, 4148, 4165, 4170, 4175, 4183, 4193, 4200, 4210, 4216, 4221,
        4227, 4234, 4239, 4245, 4253, 4260, 4266, 4275, 4281, 4292, 4297, 4302, 4311, 4327, 4333, 4338, 4345, 4349, 4356, 4364, 4371, 4376, 4382, 4389, 4394,
        4400,
    ];

    /// <summary><see cref="Columns"/> for each name.</summary>
    public static ReadOnlySpan<short> Numbers =>
    [
        -1, -1, 140, -1, -1, 142, 156, -1, 149, 43, 43, -1, 288, 288, 364, 21, 21, 33, 163, 163, 51, 248, 248, 286, 159, 159, 124, 183, 183, 137, 37, 37, 27,
        158, 158, 384, -1, -1, 134, 49, 49, 361, 321, 321, 357, -1, -1, 17, 12, 12, 45, 451, 451, 451, 125, 125, 184, 126, 126, 185, 80, 80, 12, 90, 90, 15,
        92, 92, 182, -1, -1, 212, 161, 161, 61, 305, 305, 343, -1, -1, 405, 229, 229, 266, -1, -1, 406, 228, 228, 265, -1, -1, 403, 230, 230, 267, -1, -1,
        407, 227, 227, 264, -1, -1, 404, 56, 56, 120, 435, 435, 435, 3, 3, 6, 436, 436, 436, 42, 42, 362, 326, 326, 377, 85, 85, 8, 174, -1, 127, 176, 176,
        129, 32, 32, 41, 33, 33, 63, 292, 292, 330, 213, 213, 254, 291, 291, 329, 233, 233, 255, 214, -1, -1, 281, 281, 319, 441, 441, 441, 232, 232, 256,
        215, -1, -1, 284, 284, 323, 290, 290, 328, 59, 520, 11, 322, 545, 358, 60, 60, 1, 231, 231, 252, 269, 269, 307, 439, 439, 439, 221, 221, 250, -1, -1,
        272, 285, 285, 324, 300, 300, 338, 301, 301, 339, 81, 81, 133, 91, 91, 94, 268, 268, 306, 452, 452, 452, 93, 93, 95, -1, -1, 207, 260, 260, 298, 72,
        72, 55, -1, -1, 221, 75, 75, 148, 193, 193, 231, 468, 468, 468, 469, 469, 469, 313, 313, 350, 196, 196, 234, 73, 73, 143, 57, 57, 2, 199, 199, 237,
        431, 431, 431, 190, 190, 228, 432, 432, 432, 430, 430, 430, 433, 433, 433, 5, 5, 108, -1, -1, 197, -1, -1, 300, 138, 138, 100, -1, -1, 269, 74, 74,
        118, -1, -1, 35, 77, 77, 93, -1, -1, 194, 202, 202, 240, 456, 456, 456, -1, -1, 422, 455, 455, 455, 449, 449, 449, 454, 454, 454, 261, 261, 299, 177,
        -1, 130, 239, 239, 275, 274, 531, 312, 211, -1, 244, 309, 309, 318, 79, 79, 183, 78, 78, 141, 217, 217, 220, 108, 108, 50, -1, -1, 202, 107, 107, 49,
        -1, -1, 201, 104, 104, 47, -1, -1, 200, 115, 115, 80, -1, -1, 205, 36, 36, 105, 52, 52, 368, 121, 121, 132, 111, 111, 65, 39, 39, 20, 181, 181, 188,
        110, 110, 64, 140, 140, 96, 318, 318, 355, 120, 120, 171, -1, -1, 211, 118, 118, 165, -1, -1, 209, 97, 97, 76, 98, 98, 77, 124, 124, 147, 51, 51, 367,
        55, 542, 365, 186, 186, 224, 96, 96, 78, 102, 102, 24, -1, -1, 199, 191, 191, 229, 464, 464, 464, -1, -1, 32, -1, -1, 112, 175, 175, 128, 254, 254,
        292, 253, 253, 291, 294, 294, 332, 255, 255, 293, 210, 210, 249, 207, 207, 246, 208, 208, 247, 333, 333, 385, -1, -1, 416, 206, 543, 245, 209, 544,
        248, 426, 426, 426, 427, 427, 427, 425, 425, 425, 16, 514, 54, 173, 173, 101, 172, 172, 110, 252, 252, 290, 251, 251, 289, -1, -1, 117, 312, 312, 349,
        320, 320, -1, 246, 528, 283, 250, 250, 288, 62, 62, 37, 445, 445, 445, 444, 444, 444, 446, 446, 446, 94, 94, 16, -1, -1, 198, 192, 192, 230, 86, 86,
        9, 265, 265, 303, 50, 50, 363, 458, 458, 458, 470, 470, 470, 194, 194, 232, 465, 465, 465, 195, 195, 233, -1, -1, 53, 212, 212, 253, 198, 198, 236, 8,
        8, 19, 189, 189, 227, 459, 459, 459, 461, 461, 461, 460, 460, 460, 6, 6, 107, -1, -1, 196, 28, 28, 219, 453, 453, 453, 237, 237, 274, 324, 324, 375,
        319, 319, 356, 447, 447, 447, 256, 256, 294, 27, 27, 218, 83, 83, 39, 258, 258, 296, 133, 133, 14, 259, 259, 297, 149, 149, 150, 325, 325, 376, 151,
        151, 152, 9, 9, 90, -1, -1, 192, 154, 154, 123, 165, 165, 21, 442, 442, 442, 429, 429, 429, 279, 533, 317, 10, 10, 125, -1, -1, 56, 245, 245, 282,
        244, 527, 281, 240, 240, 277, 243, 243, 280, -1, -1, 419, 242, 242, 279, -1, -1, 418, 241, 241, 278, 25, 25, 163, 462, 462, 462, 71, 71, 402, 68, 68,
        399, 70, 70, 401, 69, 69, 400, 26, 26, 144, 150, 150, 151, 152, 152, 153, 11, 11, 91, 303, 303, 341, 35, 35, 162, 262, 262, -1, 180, -1, 169, -1, -1,
        34, -1, -1, 28, -1, -1, 84, -1, -1, 59, -1, -1, 18, -1, -1, 109, 2, 2, 5, 304, 304, 342, 428, 428, 428, 467, 467, 467, 257, 257, 295, 437, 437, 437,
        34, 34, 29, 298, 298, 336, 135, 135, 136, 438, 438, 438, 434, 434, 434, 424, 424, 424, 22, 22, 42, 293, 293, 331, 155, 155, 217, 330, 330, 381, 331,
        331, 382, 329, 329, 380, 7, 7, 168, 271, 271, 309, -1, -1, 414, 157, 157, 172, 17, 17, 180, 295, 534, 333, 327, 546, 378, 302, 302, 340, 440, 440,
        440, 448, 448, 448, 310, 539, 347, 311, 540, 348, -1, -1, 44, -1, -1, 98, 270, 270, 308, -1, -1, 413, 101, 521, 26, 182, 182, 189, 18, 18, 181, 296,
        535, 334, 328, 547, 379, 178, -1, 167, 179, 179, 131, 443, 443, 443, 0, 0, 3, 187, 187, 225, -1, -1, 89, 89, 89, 85, 267, 267, 305, 19, 515, 145, 169,
        169, 88, 45, 517, 371, 299, 537, 337, -1, -1, 417, 47, 519, 372, 216, 216, 257, 197, 197, 235, 466, 466, 466, 82, 82, 38, 264, 264, 302, 316, 316,
        353, 249, 249, 287, 219, 219, 0, 84, 84, 40, 334, 334, 386, 471, 471, 471, 13, 512, 174, 127, 522, 176, 14, 14, 175, 129, 524, 178, 15, 513, 173, 130,
        130, 179, 128, 523, 177, -1, -1, 421, 297, 536, 335, 146, 146, 159, 147, 147, 160, 204, 204, 242, 315, 315, 352, 143, 143, 155, 145, 145, 157, 148,
        148, 161, -1, -1, 423, 203, 203, 241, 314, 314, 351, 142, 142, 154, 144, 144, 156, 24, 24, 158, 317, 317, 354, 185, 185, -1, 23, 23, 82, 66, 66, 394,
        64, 64, 393, 65, 65, -1, 220, 220, -1, -1, -1, 420, 40, 40, 187, -1, -1, 239, 307, 538, 345, 46, 518, 370, 44, 44, 369, 238, 238, 276, 450, 450, 450,
        273, 530, 311, 205, -1, 243, 218, 218, 258, 171, 171, 121, 123, 123, 139, -1, -1, 216, 122, 122, 138, -1, -1, 215, 106, 106, 46, -1, -1, 214, 116,
        116, 81, -1, -1, 206, 170, 170, 74, 38, 38, 104, 308, 308, 346, 109, 109, 57, 141, 141, 97, 114, 114, 71, -1, -1, 204, 119, 119, 170, -1, -1, 210,
        117, 117, 164, -1, -1, 208, 113, 113, 70, -1, -1, 203, 160, 160, 75, 112, 112, 66, 54, 541, 366, 164, 164, 79, 105, 105, 23, -1, -1, 213, 188, 188,
        226, 463, 463, 463, -1, -1, 68, 30, 30, 397, 31, 31, 396, 67, 67, 398, 29, 29, 395, 48, 48, 373, -1, -1, 67, 131, 525, 186, -1, -1, 48, 282, 282, 321,
        289, 289, 327, -1, -1, 73, -1, -1, 126, -1, -1, 119, -1, -1, 72, 41, 41, 359, -1, -1, 102, 53, 53, 360, 275, 275, 313, -1, -1, 69, 4, 4, 106, -1, -1,
        195, 137, 137, 99, -1, -1, 268, 457, 457, 457, 332, 332, 383, -1, -1, 25, -1, -1, 31, 168, 168, 115, 167, 167, 87, 88, 88, 83, 266, 266, 304, 162,
        162, 36, 277, 277, 314, 306, 306, 344, 139, 139, 135, 99, 99, 116, 103, 103, 103, 276, 276, 315, 234, 234, 270, 201, 201, 13, 222, 526, 259, 226, 226,
        263, 225, 225, 262, 224, 224, 261, -1, -1, 408, 223, 223, 260, -1, -1, 409, 283, 283, 322, 287, 287, 326, -1, -1, 410, 286, 286, 325, -1, -1, 411,
        100, 100, 43, 200, 200, 238, 76, 76, 92, -1, -1, 193, 184, 184, -1, -1, -1, 191, -1, -1, 58, 95, 95, 60, -1, -1, 22, 166, 166, 52, 63, 63, 122, 87,
        87, 10, 263, 263, 301, 272, 272, 310, 336, 336, -1, 335, 335, -1, 134, -1, 86, 323, 323, 374, 136, 136, 62, 132, 132, 30, 280, 280, 320, -1, -1, 412,
        235, 235, 271, 58, 58, 190, 153, 153, 111, -1, -1, 166, -1, -1, 113, 278, 532, 316, 236, -1, 273, 61, 61, 114, 247, 529, 284, -1, -1, 7, 1, 1, 4, 20,
        516, 146,
    ];
}
