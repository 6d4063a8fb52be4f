namespace Naru.HubServer.Site.Locale;

/// <summary>The frame of each page: header, footer, errors.</summary>
internal sealed partial class Texts
{
    public string Tagline => Say("Images, and what is in them", "이미지와 그 속을 보여 주는 레지스트리");

    public string SkipToContent => Say("Skip to content", "본문으로 건너뛰기");

    public string Search => Say("Search", "검색");

    public string SearchLabel => Say("Search images", "이미지 검색");

    public string SearchPlaceholder => Say("Search images", "이미지 이름이나 설명으로 검색");

    public string SearchAll => Say("All results", "전체 결과 보기");

    public string NothingFound => Say("Nothing found", "검색 결과가 없습니다");

    public string SignIn => Say("Sign in", "로그인");

    public string SignUp => Say("Sign up", "회원가입");

    public string SignOut => Say("Sign out", "로그아웃");

    public string Settings => Say("Settings", "설정");

    public string Administration => Say("Administration", "관리");

    public string YourRepositories => Say("Your repositories", "내 저장소");

    public string Menu => Say("Account menu", "계정 메뉴");

    public string MainNavigation => Say("Main", "주 메뉴");

    public string OtherLanguage => Say("한국어", "English");

    public string OtherLanguageCode => Say("ko", "en");

    public string Theme => Say("Theme", "화면 모드");

    public string ThemeSystem => Say("As the system", "시스템 설정");

    public string ThemeLight => Say("Light", "라이트");

    public string ThemeDark => Say("Dark", "다크");

    public string Footer => Say("An OCI registry that shows what is in an image.", "이미지 속까지 보여 주는 OCI 레지스트리입니다.");

    public string KeyboardHint => Say("to search", "키로 검색");

    public string NotFoundTitle => Say("Not here", "찾을 수 없습니다");

    public string NotFoundText => Say("There is no such page, or it is not for you to see. Signing in may help.", "페이지가 없거나 볼 권한이 없습니다. 로그인하면 보일 수도 있습니다.");

    public string ErrorTitle => Say("That did not work", "요청을 처리하지 못했습니다");

    public string ErrorText => Say("The fault is on our side. Please try again in a moment.", "서버에서 문제가 생겼습니다. 잠시 후 다시 시도하세요.");

    public string DeniedTitle => Say("Not allowed", "권한이 없습니다");

    public string Home => Say("To the first page", "첫 페이지로");

    public string Previous => Say("Previous", "이전");

    public string Next => Say("Next", "다음");

    public string Pages => Say("Pages", "페이지 이동");

    public string Copy => Say("Copy", "복사");

    public string Copied => Say("Copied", "복사했습니다");

    public string Save => Say("Save", "저장");

    public string Add => Say("Add", "추가");

    public string Remove => Say("Remove", "제거");

    public string Delete => Say("Delete", "삭제");

    public string Name => Say("Name", "이름");

    public string Actions => Say("Actions", "작업");

    public string PageNumber(int page) => Say($"Page {page}", $"{page}페이지");
}
