using Naru.Hub;
using Naru.Hub.Registry;

namespace Naru.HubServer.Site.Locale;

/// <summary>Why what was sent cannot be done. English is what the API says; other languages say it by its key.</summary>
internal sealed partial class Texts
{
    public string Refused(RefusedException e) => Language == Language.Korean ? Korea(e.Refusal, e.About) : Sentence(e.Message);

    public string Refused(RegistryException e) => e.Code switch
    {
        RegistryErrorCode.Unauthorized => WrongPassword,
        RegistryErrorCode.TooManyRequests => TooMany(e.RetryAfter ?? TimeSpan.FromMinutes(1)),
        RegistryErrorCode.NameInvalid => Say("That is no name of a repository: small letters, digits and single . _ - between them, in parts between slashes.", "저장소 이름이 올바르지 않습니다. 영문 소문자와 숫자를 쓰고, 그 사이에 . _ - 를, 단계 사이에 /를 넣을 수 있습니다."),
        RegistryErrorCode.TagInvalid => Say("That is no name of a tag.", "태그 이름이 올바르지 않습니다."),
        RegistryErrorCode.Denied => Say("You may not do that here.", "이 작업을 할 권한이 없습니다."),
        RegistryErrorCode.NameUnknown => Say("There is no such repository.", "저장소를 찾을 수 없습니다."),
        RegistryErrorCode.ManifestUnknown => Say("There is no such image.", "이미지를 찾을 수 없습니다."),
        RegistryErrorCode.Unsupported => Say("That cannot be done to this repository.", "이 저장소에서는 할 수 없는 작업입니다."),
        _ => FormRefused(e.Message),
    };

    /// <summary>Too much was tried; when it can be tried again.</summary>
    private string TooMany(TimeSpan wait)
    {
        var minutes = Math.Max(1, (long)Math.Ceiling(wait.TotalMinutes));
        return Say($"Too many attempts. Try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}.", $"시도가 너무 많습니다. {minutes}분 뒤에 다시 시도하세요.");
    }

    private static string Sentence(string message) => message.Length == 0 ? "" : $"{char.ToUpperInvariant(message[0])}{message[1..]}.";

    private static string Korea(Refusal refusal, IReadOnlyList<string> about) => refusal switch
    {
        Refusal.AccountName => "이름이 올바르지 않습니다. 2~39자의 영문 소문자와 숫자를 쓰고, 그 사이에 - 또는 _를 하나씩 넣을 수 있습니다.",
        Refusal.AccountNameReserved => $"‘{about[0]}’은(는) 쓸 수 없는 이름입니다. 다른 이름을 정하세요.",
        Refusal.PartName => "이름이 올바르지 않습니다. 1~39자의 영문 소문자와 숫자를 쓰고, 그 사이에 - 또는 _를 하나씩 넣을 수 있습니다.",
        Refusal.NameTaken => $"‘{about[0]}’은(는) 이미 쓰이고 있는 이름입니다.",
        Refusal.TeamTaken => $"‘{about[0]}’ 팀이 이미 있습니다.",
        Refusal.RobotTaken => $"‘{about[0]}’ 로봇이 이미 있습니다.",
        Refusal.RepositoryTaken => $"‘{about[0]}’ 저장소가 이미 있습니다.",
        Refusal.OwnersOnly => "소유자나 관리자만 할 수 있습니다.",
        Refusal.AdministratorsOnly => "관리자만 할 수 있습니다.",
        Refusal.SignUpClosed => "회원가입이 닫혀 있습니다. 관리자에게 계정을 요청하세요.",
        Refusal.NoAccount => $"‘{about[0]}’ 계정을 찾을 수 없습니다.",
        Refusal.NoUser => $"‘{about[0]}’은(는) 사용자가 아니라 조직입니다.",
        Refusal.NoOrganisation => $"‘{about[0]}’은(는) 조직이 아니라 사용자입니다.",
        Refusal.NoMember => $"‘{about[0]}’은(는) ‘{about[1]}’의 구성원이 아닙니다.",
        Refusal.MemberFirst => $"‘{about[0]}’을(를) 먼저 ‘{about[1]}’ 조직의 구성원으로 추가하세요.",
        Refusal.NoRepository => $"‘{about[0]}’에 ‘{about[1]}’ 저장소가 없습니다.",
        Refusal.NoTeam => $"‘{about[0]}’에 ‘{about[1]}’ 팀이 없습니다.",
        Refusal.NoToken => "토큰을 찾을 수 없습니다.",
        Refusal.NoSession => "이미 끝난 로그인입니다.",
        Refusal.NoHook => "웹훅이나 전송 기록을 찾을 수 없습니다.",
        Refusal.NoForm => "알 수 없는 요청입니다. 페이지를 새로 고친 뒤 다시 시도하세요.",
        Refusal.FormExpired => "양식이 만료되었습니다. 이전 페이지를 새로 고친 뒤 다시 제출하세요.",
        Refusal.PasswordShort => $"비밀번호가 너무 짧습니다. {about[0]}자 이상 입력하세요.",
        Refusal.PasswordLong => $"비밀번호가 너무 깁니다. {about[0]}바이트까지 쓸 수 있습니다.",
        Refusal.PasswordIsName => "계정 이름은 비밀번호로 쓸 수 없습니다.",
        Refusal.PasswordOneLetter => "같은 글자만 반복한 비밀번호는 쓸 수 없습니다.",
        Refusal.CurrentPassword => "현재 비밀번호가 올바르지 않습니다.",
        Refusal.Quota => "할당량을 알아볼 수 없습니다. 500 MB나 20 GB처럼 입력하세요.",
        Refusal.OnlyOwner => $"‘{about[0]}’은(는) ‘{about[1]}’의 하나뿐인 소유자입니다. 다른 소유자를 먼저 정하세요.",
        Refusal.OnlyOwnerOfSome => $"‘{about[0]}’은(는) {about[1]} 조직의 하나뿐인 소유자입니다. 다른 소유자를 정하거나 조직을 먼저 삭제하세요.",
        Refusal.OnlyAdministrator => $"‘{about[0]}’은(는) 하나뿐인 관리자입니다.",
        Refusal.OwnRepository => $"‘{about[0]}’은(는) ‘{about[1]}’ 자신의 저장소입니다.",
        Refusal.Email => "이메일 주소가 올바르지 않습니다.",
        Refusal.TextLong => $"내용이 너무 깁니다. {about[0]}자까지 쓸 수 있습니다.",
        Refusal.TextControl => "제어 문자는 쓸 수 없습니다.",
        Refusal.Description => $"설명은 한 줄로, {about[0]}자까지 쓸 수 있습니다.",
        Refusal.ScopeRepository => $"저장소 이름이 올바르지 않습니다: {about[0]}",
        Refusal.ScopeRepositories => $"토큰 하나에 저장소를 {about[0]}개까지 지정할 수 있습니다.",
        Refusal.TokenName => "토큰의 이름을 입력하세요.",
        Refusal.TokenExpired => "이미 지난 만료일입니다.",
        Refusal.TokensMany => $"토큰은 {about[0]}개까지 만들 수 있습니다. 쓰지 않는 토큰을 먼저 폐기하세요.",
        Refusal.HookAddress => $"웹훅 주소는 http 또는 https로 시작해야 하며 {about[0]}자까지 쓸 수 있습니다.",
        Refusal.HookPassword => "웹훅 주소에는 비밀번호를 넣을 수 없습니다. 받는 쪽은 서명으로 보낸 곳을 확인합니다.",
        Refusal.HookPrivate => $"‘{about[0]}’은(는) 이 서버나 사설 네트워크의 주소입니다.",
        Refusal.HookEvents => "올리기와 삭제 중 하나 이상을 고르세요.",
        Refusal.HooksMany => $"저장소 하나에 웹훅을 {about[0]}개까지 둘 수 있습니다.",
        Refusal.Confirmation => "입력한 이름이 일치하지 않습니다.",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal)),
    };
}
