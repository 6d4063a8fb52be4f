using Naru.Hub.Accounts;

namespace Naru.HubServer.Site.Locale;

/// <summary>What happened: the audit trail.</summary>
internal sealed partial class Texts
{
    /// <summary>The actions that can be asked for, those that belong together beside each other.</summary>
    public static readonly IReadOnlyList<string> AuditActions =
    [
        AuditAction.SignedIn, AuditAction.SignInFailed, AuditAction.SignedOut, AuditAction.AccountMade, AuditAction.AccountChanged, AuditAction.AccountDeleted, AuditAction.PasswordChanged,
        AuditAction.AccountDisabled, AuditAction.AccountEnabled, AuditAction.TokenMade, AuditAction.TokenRevoked, AuditAction.MemberAdded, AuditAction.MemberRemoved, AuditAction.TeamMade,
        AuditAction.TeamChanged, AuditAction.TeamDeleted, AuditAction.RightGiven, AuditAction.RightTaken, AuditAction.RepositoryMade, AuditAction.RepositoryShown, AuditAction.RepositoryHidden,
        AuditAction.RepositoryDeleted, AuditAction.ManifestPushed, AuditAction.ManifestDeleted, AuditAction.TagDeleted, AuditAction.BlobDeleted, AuditAction.WebhookAdded, AuditAction.WebhookRemoved,
        AuditAction.Collected, AuditAction.KeysRotated, AuditAction.SettingChanged,
    ];

    public string Activity => Say("Activity", "활동 기록");

    public string AuditTrail => Say("Audit trail", "감사 기록");

    public string OwnActivityHint => Say("What you did, and what was done to your account.", "내가 한 일과 내 계정에 일어난 일입니다.");

    public string OrganisationActivityHint => Say("What was done to the organisation and its repositories.", "조직과 조직의 저장소에 일어난 일입니다.");

    public string NothingHappened => Say("Nothing happened that fits.", "해당하는 기록이 없습니다.");

    public string Action => Say("Action", "작업 종류");

    public string AnyAction => Say("Any", "전체");

    public string Account => Say("Account", "계정");

    public string DoneTo => Say("Done to", "대상");

    public string Newest => Say("Newest", "최신 기록");

    public string Older => Say("Older", "이전 기록");

    public string ActionName(string action) => action switch
    {
        AuditAction.SignedIn => Say("Signed in", "로그인"),
        AuditAction.SignInFailed => Say("Sign-in failed", "로그인 실패"),
        AuditAction.SignedOut => Say("Signed out", "로그아웃"),
        AuditAction.AccountMade => Say("Account made", "계정 생성"),
        AuditAction.AccountChanged => Say("Account changed", "계정 변경"),
        AuditAction.AccountDeleted => Say("Account deleted", "계정 삭제"),
        AuditAction.PasswordChanged => Say("Password changed", "비밀번호 변경"),
        AuditAction.AccountDisabled => Say("Account disabled", "계정 정지"),
        AuditAction.AccountEnabled => Say("Account enabled", "계정 정지 해제"),
        AuditAction.TokenMade => Say("Token made", "토큰 생성"),
        AuditAction.TokenRevoked => Say("Token revoked", "토큰 폐기"),
        AuditAction.MemberAdded => Say("Member added", "구성원 추가"),
        AuditAction.MemberRemoved => Say("Member removed", "구성원 제거"),
        AuditAction.TeamMade => Say("Team made", "팀 생성"),
        AuditAction.TeamChanged => Say("Team changed", "팀 변경"),
        AuditAction.TeamDeleted => Say("Team deleted", "팀 삭제"),
        AuditAction.RightGiven => Say("Right given", "권한 부여"),
        AuditAction.RightTaken => Say("Right taken away", "권한 회수"),
        AuditAction.RepositoryMade => Say("Repository made", "저장소 생성"),
        AuditAction.RepositoryShown => Say("Repository made public", "저장소 공개"),
        AuditAction.RepositoryHidden => Say("Repository made private", "저장소 비공개"),
        AuditAction.RepositoryDeleted => Say("Repository deleted", "저장소 삭제"),
        AuditAction.ManifestPushed => Say("Image pushed", "이미지 올림"),
        AuditAction.ManifestDeleted => Say("Image deleted", "이미지 삭제"),
        AuditAction.TagDeleted => Say("Tag deleted", "태그 삭제"),
        AuditAction.BlobDeleted => Say("Blob deleted", "블롭 삭제"),
        AuditAction.WebhookAdded => Say("Webhook added", "웹훅 추가"),
        AuditAction.WebhookRemoved => Say("Webhook removed", "웹훅 제거"),
        AuditAction.Collected => Say("Collected garbage", "가비지 컬렉션"),
        AuditAction.KeysRotated => Say("Keys rotated", "서명 키 교체"),
        AuditAction.SettingChanged => Say("Setting changed", "설정 변경"),
        _ => action,
    };
}
