namespace Naru.HubServer.Site.Locale;

/// <summary>Robots, organisations, quotas: what belongs to an account.</summary>
internal sealed partial class Texts
{
    public string Robots => Say("Robots", "로봇");

    public string RobotsHint => Say("A robot signs in for a program, with a name and rights of its own.", "프로그램이 쓸 계정입니다. 이름과 권한을 따로 정할 수 있습니다.");

    public string NoRobots => Say("There are no robots.", "로봇이 없습니다.");

    public string NewRobot => Say("New robot", "로봇 만들기");

    public string MakeRobot => Say("Make robot", "로봇 만들기");

    public string OnlyRepositories => Say("Only in these repositories", "쓸 수 있는 저장소");

    public string OrganisationSettings => Say("Organisation settings", "조직 설정");

    public string OrganisationNameShown => Say("Shown on its page.", "조직 페이지에 나타납니다.");

    public string OrganisationEmailHint => Say("Only administrators see it.", "관리자만 볼 수 있습니다.");

    public string PrivateByDefault => Say("New repositories are private", "새 저장소를 비공개로");

    public string PrivateByDefaultHint => Say("What a first push makes, nobody else sees.", "처음 올릴 때 만들어지는 저장소를 다른 사람이 볼 수 없습니다.");

    public string DeleteOrganisation => Say("Delete organisation", "조직 삭제");

    public string OrganisationDeleted => Say("The organisation is deleted.", "조직을 삭제했습니다.");

    public string OrganisationLeft => Say("You left the organisation.", "조직에서 나왔습니다.");

    public string LeaveOrganisation => Say("Leave", "나가기");

    public string AccountDescriptionHint => Say("One line, shown on its page.", "페이지에 한 줄로 표시됩니다.");

    public string NewUser => Say("New user", "사용자 만들기");

    public string NewUserHint => Say("Tell them the password; they can change it.", "비밀번호를 알려 주면 나중에 바꿀 수 있습니다.");

    public string SignUpTitleAdmin => Say("Sign-up", "회원가입");

    public string SignUpIsOpen => Say("Anybody may make an account.", "누구나 계정을 만들 수 있습니다.");

    public string SignUpIsClosed => Say("Only administrators make accounts.", "관리자만 계정을 만들 수 있습니다.");

    public string OpenSignUp => Say("Open sign-up", "회원가입 열기");

    public string CloseSignUp => Say("Close sign-up", "회원가입 닫기");

    public string MakeOwner => Say("Make owner", "소유자로 지정");

    public string MakeMember => Say("Make member", "구성원으로 변경");

    public string StorageHint => Say("Each layer counts once, however many images share it.", "여러 이미지가 함께 쓰는 레이어는 한 번만 셉니다.");

    public string QuotaLabel => Say("Most that its repositories may hold", "저장소 전체의 최대 용량");

    public string QuotaHint => Say("500 MB, 20 GB; empty for the registry's own limit.", "500 MB나 20 GB처럼 입력하세요. 비워 두면 레지스트리의 기본값을 씁니다.");

    public string SetPassword => Say("Set password", "비밀번호 지정");

    public string SetPasswordHint => Say("For somebody who forgot theirs. All their browsers are signed out.", "비밀번호를 잊은 사용자를 위한 기능입니다. 모든 브라우저에서 로그아웃됩니다.");

    public string DeleteAccount => Say("Delete account", "계정 삭제");

    public string AccountDeleted => Say("The account is deleted.", "계정을 삭제했습니다.");

    public string AccountName => Say("Name of the account", "계정 이름");

    public string Deliveries => Say("Deliveries", "전송 기록");

    public string SendAgain => Say("Send again", "다시 보내기");

    public string RobotNameHint(string account) => Say($"It signs in as {account}+name.", $"{account}+이름으로 로그인합니다.");

    public string OnlyRepositoriesHint(string account) => Say($"{account}/app, {account}/tools; empty for all that {account} may use.", $"{account}/app, {account}/tools처럼 입력하세요. 비워 두면 {account}이(가) 쓸 수 있는 모든 저장소입니다.");

    public string DeleteOrganisationHint(long repositories) => Say($"Its {RepositoryCount(repositories)}, teams and robots go with it. Write its name to confirm.", $"{RepositoryCount(repositories)}와 팀, 로봇이 함께 삭제됩니다. 확인을 위해 조직 이름을 입력하세요.");

    public string DeleteAccountHint(long repositories) => Say($"{RepositoryCount(repositories)} and all tokens go with it. Write its name to confirm.", $"{RepositoryCount(repositories)}와 모든 토큰이 함께 삭제됩니다. 확인을 위해 계정 이름을 입력하세요.");

    public string UsedOf(string used, string limit) => Say($"{used} of {limit}", $"{limit} 중 {used} 사용");

    public string DeliveryWaits(long attempts) => attempts == 0 ? Say("waiting", "대기 중") : Say("will be tried again", "다시 시도 예정");

    /// <summary>What a web hook is told of.</summary>
    public string EventsName(string events) => events switch
    {
        "push" => EventsPush,
        "delete" => EventsDelete,
        "push,delete" => EventsBoth,
        _ => events,
    };
}
