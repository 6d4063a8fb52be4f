namespace Naru.Hub.Accounts;

/// <summary>The words of the audit trail, as they are kept.</summary>
public static class AuditAction
{
    public const string SignedIn = "sign-in";
    public const string SignInFailed = "sign-in.failed";
    public const string SignedOut = "sign-out";
    public const string AccountMade = "account.create";
    public const string AccountChanged = "account.change";
    public const string AccountDeleted = "account.delete";
    public const string PasswordChanged = "account.password";
    public const string AccountDisabled = "account.disable";
    public const string AccountEnabled = "account.enable";
    public const string MemberAdded = "member.add";
    public const string MemberRemoved = "member.remove";
    public const string TeamMade = "team.create";
    public const string TeamDeleted = "team.delete";
    public const string TeamChanged = "team.change";
    public const string RightGiven = "right.give";
    public const string RightTaken = "right.take";
    public const string TokenMade = "token.create";
    public const string TokenRevoked = "token.revoke";
    public const string KeysRotated = "keys.rotate";
    public const string RepositoryMade = "repository.create";
    public const string RepositoryShown = "repository.publish";
    public const string RepositoryHidden = "repository.hide";
    public const string RepositoryDeleted = "repository.delete";
    public const string ManifestPushed = "manifest.push";
    public const string ManifestDeleted = "manifest.delete";
    public const string TagDeleted = "tag.delete";
    public const string BlobDeleted = "blob.delete";
    public const string Collected = "gc.run";
    public const string WebhookAdded = "webhook.add";
    public const string WebhookRemoved = "webhook.remove";
    public const string SettingChanged = "setting.change";
}
