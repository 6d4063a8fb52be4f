namespace Naru.HubServer.Site.Locale;

/// <summary>Signing in and up, and a person's settings.</summary>
internal sealed partial class Texts
{
    public string UserName => Say("User name", "사용자 이름");

    public string UserNameHint => Say("Small letters, digits and single hyphens. It begins the names of your repositories.", "영문 소문자와 숫자, 하이픈을 쓸 수 있습니다. 저장소 이름의 앞부분이 됩니다.");

    public string Password => Say("Password", "비밀번호");

    public string PasswordHint => Say("At least 8 characters.", "8자 이상 입력하세요.");

    public string Email => Say("Email", "이메일");

    public string FullName => Say("Full name", "표시 이름");

    public string SignInTitle => Say("Welcome back", "로그인");

    public string SignUpTitle => Say("Make an account", "회원가입");

    public string NoAccountYet => Say("No account yet?", "계정이 없으신가요?");

    public string HaveAccount => Say("Have an account?", "이미 계정이 있으신가요?");

    public string SignUpClosed => Say("Accounts are made by the administrators of this registry.", "이 레지스트리에서는 관리자만 계정을 만들 수 있습니다.");

    public string WrongPassword => Say("User name or password is not right.", "사용자 이름이나 비밀번호가 올바르지 않습니다.");

    public string Profile => Say("Profile", "프로필");

    public string ProfileHint => Say("Your name is shown on your page; your email only to administrators.", "표시 이름은 내 페이지에 나타나며, 이메일은 관리자만 볼 수 있습니다.");

    public string CurrentPassword => Say("Current password", "현재 비밀번호");

    public string NewPassword => Say("New password", "새 비밀번호");

    public string ChangePassword => Say("Change password", "비밀번호 변경");

    public string PasswordChangeHint => Say("Other browsers and refresh tokens are signed out.", "변경하면 다른 브라우저는 모두 로그아웃됩니다.");

    public string AccessTokens => Say("Access tokens", "액세스 토큰");

    public string TokensHint => Say("A token stands in for your password in docker login, with no more rights than it needs.", "docker login에서 비밀번호 대신 쓰며, 필요한 권한만 줄 수 있습니다.");

    public string NewToken => Say("New token", "토큰 만들기");

    public string MakeToken => Say("Make token", "토큰 만들기");

    public string NoTokens => Say("You have no tokens.", "토큰이 없습니다.");

    public string TokenMade => Say("Copy your token now. It is not shown again.", "지금 토큰을 복사하세요. 다시 표시되지 않습니다.");

    public string TokenNameHint => Say("Where it is used: laptop, build server", "사용할 곳(예: 노트북, 빌드 서버)");

    public string Scope => Say("May", "권한");

    public string ScopePull => Say("Pull", "내려받기");

    public string ScopePush => Say("Pull and push", "내려받기와 올리기");

    public string ScopeDelete => Say("Pull, push and delete", "내려받기, 올리기, 삭제");

    public string Expires => Say("Expires", "만료");

    public string Never => Say("never", "없음");

    public string LastUsed => Say("Last used", "마지막 사용");

    public string Revoke => Say("Revoke", "폐기");

    public string Sessions => Say("Sessions", "로그인 기록");

    public string SessionsHint => Say("Browsers that are signed in as you. End those that you do not know.", "내 계정으로 로그인한 브라우저입니다. 모르는 항목은 로그아웃하세요.");

    public string ThisBrowser => Say("this browser", "현재 브라우저");

    public string EndSession => Say("Sign out", "로그아웃");

    public string Address => Say("Address", "주소");

    public string Browser => Say("Browser", "브라우저");

    public string LastSeen => Say("Last seen", "마지막 접속");

    public string Saved => Say("Saved.", "저장했습니다.");

    public string PasswordChanged => Say("Your password is changed.", "비밀번호를 변경했습니다.");

    public string NewOrganisation => Say("New organisation", "조직 만들기");

    public string NewOrganisationHint => Say("An organisation owns repositories that several people work on.", "여러 사람이 함께 관리하는 저장소를 조직에 둘 수 있습니다.");

    public string OrganisationName => Say("Name of the organisation", "조직 이름");

    public string Create => Say("Create", "만들기");

    /// <summary>A refusal in the words of whoever refused, which are English.</summary>
    public string FormRefused(string message) => Say(Sentence(message), $"입력한 내용을 처리할 수 없습니다: {message}");

    public string ExpiresIn(int days) => days == 0 ? Say("Never", "만료 없음") : Say($"In {days} days", $"{days}일 뒤");
}
