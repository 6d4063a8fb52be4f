using Naru.Hub.Gc;

namespace Naru.HubServer.Site.Locale;

/// <summary>Managing: teams, a repository's settings, the whole registry.</summary>
internal sealed partial class Texts
{
    public string Teams => Say("Teams", "팀");

    public string TeamsHint => Say("A team gives its members a right to some of the organisation's repositories.", "팀 단위로 조직의 저장소에 대한 권한을 줄 수 있습니다.");

    public string NewTeam => Say("New team", "팀 만들기");

    public string TeamName => Say("Name of the team", "팀 이름");

    public string NoTeams => Say("There are no teams yet.", "아직 팀이 없습니다.");

    public string NoMembers => Say("Nobody yet", "아직 없음");

    public string AddMember => Say("Add a person", "구성원 추가");

    public string GrantRepository => Say("Grant a repository", "저장소 권한 추가");

    public string Repository => Say("Repository", "저장소");

    public string Role => Say("Role", "역할");

    public string Right => Say("Right", "권한");

    public string RepositorySettings => Say("Repository settings", "저장소 설정");

    public string General => Say("General", "기본 정보");

    public string Description => Say("Description", "설명");

    public string DescriptionHint => Say("One line, shown in search results.", "검색 결과에 한 줄로 표시됩니다.");

    public string ReadmeHint => Say("Markdown. Raw HTML is shown as text.", "마크다운으로 작성하세요. HTML은 글자 그대로 표시됩니다.");

    public string Visibility => Say("Visibility", "공개 범위");

    public string PublicHint => Say("Everybody may find and pull it.", "누구나 찾고 내려받을 수 있습니다.");

    public string PrivateHint => Say("For everybody else it does not exist.", "권한이 없는 사람에게는 존재하지 않는 것처럼 보입니다.");

    public string Collaborators => Say("Collaborators", "공동 작업자");

    public string NoCollaborators => Say("No collaborators.", "공동 작업자가 없습니다.");

    public string Webhooks => Say("Webhooks", "웹훅");

    public string WebhooksHint => Say("Told of pushes and deletes, with a signature in X-Naru-Signature-256.", "이미지를 올리거나 삭제하면 알림을 보냅니다. 서명은 X-Naru-Signature-256 헤더에 있습니다.");

    public string NoWebhooks => Say("No webhooks.", "웹훅이 없습니다.");

    public string WebhookUrl => Say("Address (https://…)", "주소(https://…)");

    public string WebhookSecret => Say("Secret for the signature", "서명에 쓸 비밀 값");

    public string Events => Say("Events", "이벤트");

    public string EventsBoth => Say("Pushes and deletes", "올리기와 삭제");

    public string EventsPush => Say("Pushes", "올리기");

    public string EventsDelete => Say("Deletes", "삭제");

    public string LastDelivery => Say("Last delivery", "마지막 전송");

    public string DangerZone => Say("Danger zone", "위험한 작업");

    public string DeleteRepository => Say("Delete repository", "저장소 삭제");

    public string DeleteRepositoryHint => Say("All its tags and images go with it. Write its name to confirm.", "모든 태그와 이미지가 함께 삭제됩니다. 확인을 위해 저장소 이름을 입력하세요.");

    public string DeleteTag => Say("Delete tag", "태그 삭제");

    public string TagDeleted => Say("The tag is deleted.", "태그를 삭제했습니다.");

    public string RepositoryDeleted => Say("The repository is deleted.", "저장소를 삭제했습니다.");

    public string NewRepositoryHint => Say("A push makes its repository by itself; make one here to choose who may see it first.", "이미지를 올리면 저장소가 저절로 만들어집니다. 공개 범위를 미리 정하려면 여기에서 만드세요.");

    public string RepositoryName => Say("Name of the repository", "저장소 이름");

    public string Overview => Say("Overview", "개요");

    public string Users => Say("Users", "사용자");

    public string Storage => Say("Storage", "저장 공간");

    public string Accounts => Say("Accounts", "계정");

    public string Blobs => Say("Blobs", "블롭");

    public string Used => Say("Used", "사용량");

    public string Largest => Say("Who uses most", "사용량이 많은 계정");

    public string Quota => Say("Quota", "할당량");

    public string NoQuota => Say("no limit", "제한 없음");

    public string GarbageCollection => Say("Garbage collection", "가비지 컬렉션");

    public string GarbageHint => Say("Takes away blobs that no image names any more. Pushes and pulls go on meanwhile.", "어떤 이미지에도 쓰이지 않는 블롭을 지웁니다. 실행 중에도 올리고 내려받을 수 있습니다.");

    public string CollectNow => Say("Collect now", "지금 실행");

    public string Collecting => Say("Collecting", "실행 중");

    public string NeverCollected => Say("Not yet run.", "실행한 적이 없습니다.");

    public string CollectionFailed => Say("The last collection failed.", "마지막 실행이 실패했습니다.");

    public string FilterUsers => Say("Filter users", "이름으로 거르기");

    public string State => Say("State", "상태");

    public string Active => Say("active", "사용 중");

    public string Disabled => Say("disabled", "정지됨");

    public string Administrator => Say("administrator", "관리자");

    public string Disable => Say("Disable", "정지");

    public string Enable => Say("Enable", "정지 해제");

    public string MakeAdmin => Say("Make administrator", "관리자로 지정");

    public string RevokeAdmin => Say("Revoke administrator", "관리자 해제");

    public string Level(string level) => level switch
    {
        "owner" => Say("Owner", "소유자"),
        "member" => Say("Member", "구성원"),
        "pull" => Say("Pull", "내려받기"),
        "push" => Say("Pull and push", "내려받기와 올리기"),
        "admin" => Say("Administer", "관리"),
        _ => level,
    };

    public string GarbageStage(GarbageStage stage) => stage switch
    {
        Hub.Gc.GarbageStage.Uploads => Say("uploads", "업로드"),
        Hub.Gc.GarbageStage.Images or Hub.Gc.GarbageStage.Manifests => Say("images", "이미지"),
        Hub.Gc.GarbageStage.Links or Hub.Gc.GarbageStage.Blobs => Say("blobs", "블롭"),
        _ => Say("stored files", "저장된 파일"),
    };

    public string CollectionResult(long removed, string freed) => Say($"{Number(removed)} removed, {freed} given back", $"{Number(removed)}개 제거, {freed} 확보");

    public string ConfirmRemove(string what) => Say($"Remove {what}", $"{what} 제거");
}
