namespace Naru.Conformance.Tests.Requirements;

/// <summary>What Debian's docker-registry (Docker's 2.8) is known not to do. naru-hub has no such list.</summary>
internal static class KnownFailures
{
    private const string NoReferrers = "2.8 is older than the referrers API";
    private const string NoContentRange = "2.8 does not read Content-Range";
    private const string NoTagPages = "2.8 lists all tags at once, as the folder has them";
    private const string NoTagDelete = "2.8 deletes manifests by their digest alone";
    private const string BrokenRange = "its answer of 416 promises a body that does not come";

    private static readonly Dictionary<string, string> s_reasons = new()
    {
        ["RangeTests.A_range_after_the_end_answers_416_with_the_length"] = BrokenRange,
        ["RangeTests.A_range_that_is_none_is_passed_over_or_answers_416"] = BrokenRange,
        ["RangeTests.A_range_of_another_unit_is_passed_over"] = "it answers 416",
        ["RangeTests.A_range_of_a_HEAD_is_passed_over"] = "it answers 206",
        ["ManifestTests.A_reference_that_is_neither_tag_nor_digest_is_refused"] = "it answers 500 to a digest that is too short",
        ["MonolithicTests.A_single_POST_is_enough"] = "it answers 202 and wants a PUT",
        ["ChunkTests.A_chunk_after_a_gap_answers_416"] = NoContentRange,
        ["ChunkTests.A_chunk_that_was_sent_already_answers_416"] = NoContentRange,
        ["ChunkTests.A_first_chunk_that_does_not_begin_at_0_answers_416"] = NoContentRange,
        ["ChunkTests.A_refused_chunk_leaves_the_upload_as_it_was"] = NoContentRange,
        ["ChunkTests.A_last_chunk_out_of_order_is_refused"] = NoContentRange,
        ["ChunkTests.A_Content_Range_that_is_none_is_refused"] = NoContentRange,
        ["ChunkTests.A_Content_Range_unlike_the_Content_Length_is_refused"] = NoContentRange,
        ["ChunkTests.An_upload_whose_connection_was_cut_goes_on_from_its_status"] = "the location that it gave holds the length, which is another now",
        ["PushTests.A_manifest_over_the_limit_answers_413"] = "it answers 400",
        ["PushTests.A_foreign_layer_with_addresses_need_not_be_here"] = "it allows no addresses unless it is told which",
        ["PushTests.A_manifest_with_a_subject_answers_OCI_Subject"] = NoReferrers,
        ["PushTests.An_index_with_a_subject_answers_OCI_Subject"] = NoReferrers,
        ["PushTests.A_manifest_may_be_named_by_sha512"] = "it knows manifests by sha256 alone",
        ["NameTests.A_tag_against_the_grammar_is_refused"] = "it answers 500 to a tag with a colon",
        ["TagTests.The_tags_are_in_lexical_order"] = NoTagPages,
        ["TagTests.n_tags_are_answered"] = NoTagPages,
        ["TagTests.n_of_zero_answers_an_empty_list_without_a_Link"] = NoTagPages,
        ["TagTests.last_answers_what_comes_after_it"] = NoTagPages,
        ["TagTests.last_need_not_be_there"] = NoTagPages,
        ["TagTests.Nothing_comes_after_the_last"] = NoTagPages,
        ["TagTests.A_Link_to_the_next_leads_through_all_tags"] = NoTagPages,
        ["TagTests.n_that_is_no_number_is_refused"] = NoTagPages,
        ["DeleteTests.A_tag_can_be_deleted"] = NoTagDelete,
        ["DeleteTests.A_deleted_tag_answers_404"] = NoTagDelete,
        ["DeleteTests.Deleting_a_tag_leaves_its_manifest_and_other_tags"] = NoTagDelete,
        ["ErrorTests.An_upload_that_is_not_there_is_BLOB_UPLOAD_UNKNOWN"] = "it wants its own parameter of the location first: BLOB_UPLOAD_INVALID",
        ["CatalogTests.n_of_the_catalogue_that_is_no_number_is_refused"] = "it answers as if nothing had been asked",
    };

    /// <param name="suite">The suite's class without its registry: <c>ReferrerTests</c>.</param>
    /// <returns>Why the requirement is not met; null: it is.</returns>
    public static string? Reason(string suite, string method) =>
        suite == "ReferrerTests" ? NoReferrers : s_reasons.GetValueOrDefault($"{suite}.{method}");
}
