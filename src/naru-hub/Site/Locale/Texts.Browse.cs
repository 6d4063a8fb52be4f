namespace Naru.HubServer.Site.Locale;

/// <summary>Home, search, repositories and accounts.</summary>
internal sealed partial class Texts
{
    public string HomeTitle => Say("Find an image. See what is in it.", "이미지를 찾고, 속까지 살펴보세요.");

    public string HomeText => Say("Every layer, every file, every difference between two tags, before you pull.", "내려받기 전에 레이어와 파일, 태그 사이의 차이까지 확인할 수 있습니다.");

    public string Popular => Say("Pulled most", "많이 내려받은 이미지");

    public string Recent => Say("Pushed lately", "최근에 올라온 이미지");

    public string EmptyTitle => Say("Nothing here yet", "아직 이미지가 없습니다");

    public string EmptyText => Say("Push the first image:", "첫 이미지를 올려 보세요.");

    public string SearchTitle => Say("Search", "검색");

    public string SearchNothing => Say("Try fewer letters or another word. Words match from their beginning, in names and descriptions.", "글자를 줄이거나 다른 단어로 검색해 보세요. 이름과 설명에 있는 단어의 앞부분과 비교합니다.");

    public string SearchEmpty => Say("Write a word of a name or a description.", "이름이나 설명에 들어 있는 단어를 입력하세요.");

    public string Private => Say("Private", "비공개");

    public string Public => Say("Public", "공개");

    public string Mirror => Say("Mirror", "미러");

    public string NoDescription => Say("No description", "설명이 없습니다");

    public string NeverPushed => Say("Never pushed", "올라온 이미지 없음");

    public string Readme => Say("Readme", "소개");

    public string NoReadme => Say("This repository has no readme.", "소개 문서가 없습니다.");

    public string Tags => Say("Tags", "태그");

    public string Tag => Say("Tag", "태그");

    public string NoTags => Say("No tags yet", "아직 태그가 없습니다");

    public string NoTagsText => Say("Push an image to this name:", "이 이름으로 이미지를 올려 보세요.");

    public string FilterTags => Say("Filter tags", "태그 이름으로 거르기");

    public string Filter => Say("Filter", "거르기");

    public string Platform => Say("Platform", "플랫폼");

    public string Platforms => Say("Platforms", "플랫폼");

    public string SizeLabel => Say("Size", "크기");

    public string TotalSize => Say("Size of all blobs", "전체 크기");

    public string Pushed => Say("Pushed", "올린 때");

    public string LastPush => Say("Last push", "마지막으로 올린 때");

    public string PullsLabel => Say("Pulls", "다운로드 횟수");

    public string Pull => Say("Pull", "내려받기");

    public string PullCommand => Say("Pull command", "내려받는 명령");

    public string Compare => Say("Compare", "비교");

    public string CompareTags => Say("Compare tags", "태그 비교");

    public string Details => Say("Details", "정보");

    public string Organisation => Say("Organisation", "조직");

    public string Person => Say("Person", "개인");

    public string Members => Say("Members", "구성원");

    public string Organisations => Say("Organisations", "조직");

    public string Repositories => Say("Repositories", "저장소");

    public string NoRepositories => Say("No repositories that you can see.", "볼 수 있는 저장소가 없습니다.");

    public string NewRepository => Say("New repository", "저장소 만들기");

    public string ManageTeams => Say("People and teams", "구성원과 팀");

    public string SearchResults(string query) => Say($"Results for “{query}”", $"‘{query}’ 검색 결과");

    public string PullCount(long pulls) => Say($"{Short(pulls)} {(pulls == 1 ? "pull" : "pulls")}", $"다운로드 {Short(pulls)}회");

    public string PushedAgo(DateTime at, DateTime now) => Say($"pushed {Ago(at, now)}", $"{Ago(at, now)} 올림");

    public string TagCount(long count) => Count(count, "tag", "tags", "태그");

    public string RepositoryCount(long count) => Count(count, "repository", "repositories", "저장소");

    public string Since(DateTime at) => Say($"Since {Day(at)}", $"{Day(at)}부터");
}
