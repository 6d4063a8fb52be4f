namespace Naru.HubServer.Site.Locale;

/// <summary>The page of a tag and of two tags side by side.</summary>
internal sealed partial class Texts
{
    public string Layers => Say("Layers", "레이어");

    public string Layer => Say("Layer", "레이어");

    public string LayersHint => Say("Top layer first. Thicker slices are larger.", "맨 위가 마지막 레이어이며, 두꺼울수록 큽니다.");

    public string Instruction => Say("Instruction", "명령");

    public string NoLayers => Say("This is not an image: it has no layers to show.", "이미지가 아니므로 보여 줄 레이어가 없습니다.");

    public string ConfigOnly => Say("config only", "설정만 변경");

    public string UnknownStep => Say("instruction not recorded", "명령이 기록되지 않음");

    public string Files => Say("Files", "파일");

    public string ShowFiles => Say("Show files", "파일 보기");

    public string FilterFiles => Say("Filter files", "파일 경로로 거르기");

    public string FilesHint => Say("Choose a layer to see the files that it adds, changes and hides.", "레이어를 고르면 추가·변경·삭제한 파일이 보입니다.");

    public string NoFiles => Say("This layer has no files here.", "여기에는 이 레이어의 파일이 없습니다.");

    public string FilesCut => Say("Only the first entries are shown.", "일부만 표시했습니다.");

    public string FilesPending => Say("The files of this layer are being indexed. Reload in a moment.", "이 레이어의 파일을 색인하고 있습니다. 잠시 후 새로 고치세요.");

    public string FilesFailed => Say("The files of this layer cannot be shown.", "이 레이어의 파일을 표시할 수 없습니다.");

    public string Root => Say("root", "루트");

    public string Added => Say("added", "추가");

    public string Changed => Say("changed", "변경");

    public string Hidden => Say("hidden", "삭제");

    public string Unchanged => Say("unchanged", "그대로");

    public string Mode => Say("Mode", "권한");

    public string Config => Say("Config", "설정");

    public string Environment => Say("Environment", "환경 변수");

    public string Labels => Say("Labels and annotations", "레이블과 주석");

    public string Digest => Say("Digest", "다이제스트");

    public string Created => Say("Created", "만든 때");

    public string MediaType => Say("Media type", "미디어 유형");

    public string Referrers => Say("Attached to this image", "이 이미지에 연결된 항목");

    public string ReferrersHint => Say("Signatures, bills of materials and provenance that name this image.", "이 이미지를 가리키는 서명, 소프트웨어 명세(SBOM), 출처 증명입니다.");

    public string NoReferrers => Say("Nothing is attached to this image.", "연결된 항목이 없습니다.");

    public string Signature => Say("Signature", "서명");

    public string Sbom => Say("Bill of materials (SBOM)", "소프트웨어 명세(SBOM)");

    public string Provenance => Say("Provenance", "출처 증명");

    public string Attestation => Say("Attestation", "증명");

    public string Artifact => Say("Artifact", "아티팩트");

    public string CompareWith => Say("Compare with", "비교할 태그");

    public string From => Say("From", "이전");

    public string To => Say("To", "이후");

    public string CompareHint => Say("Choose two tags to see which layers, settings and files differ.", "태그 두 개를 고르면 레이어와 설정, 파일의 차이를 볼 수 있습니다.");

    public string InBoth => Say("in both", "공통");

    public string OnlyFrom(string name) => Say($"only in {name}", $"{name}에만");

    public string SameConfig => Say("The configs are the same.", "설정이 같습니다.");

    public string SameFiles => Say("No file differs.", "다른 파일이 없습니다.");

    public string NoCommonPlatform => Say("The two have no platform in common.", "두 태그에 공통된 플랫폼이 없습니다.");

    public string Path => Say("Path", "경로");

    public string Setting => Say("Setting", "항목");

    public string None => Say("none", "없음");

    public string Larger(string size) => Say($"{size} larger", $"{size} 증가");

    public string Smaller(string size) => Say($"{size} smaller", $"{size} 감소");

    public string SameSize => Say("same size", "크기 동일");

    public string LayerCount(long count) => Count(count, "layer", "layers", "레이어");

    public string FileCount(long count) => Count(count, "file", "files", "파일");

    public string LayerNumber(int number) => Say($"Layer {number}", $"레이어 {number}");

    public string CakeDescription(int count, string size) =>
        Say($"A layer cake of {count} slices, {size} in all; each slice leads to its layer.", $"레이어 {count}개, 전체 {size}인 케이크 그림입니다. 각 단은 해당 레이어로 연결됩니다.");

    public string ConfigName(string name) => name switch
    {
        "User" => Say(name, "사용자"),
        "Working directory" => Say(name, "작업 디렉터리"),
        "Entrypoint" => Say(name, "진입점(Entrypoint)"),
        "Command" => Say(name, "명령(Cmd)"),
        "Ports" => Say(name, "포트"),
        "Volumes" => Say(name, "볼륨"),
        "Stop signal" => Say(name, "종료 신호"),
        "Health check" => Say(name, "상태 검사"),
        "Author" => Say(name, "작성자"),
        _ => name,
    };
}
