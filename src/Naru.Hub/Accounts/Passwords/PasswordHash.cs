using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Naru.Hub.Accounts.Passwords;

/// <summary>Passwords as they are kept: <c>pbkdf2-sha512$ROUNDS$SALT$KEY</c>, salt and key in base64.</summary>
/// <param name="rounds">For new ones. OWASP's Password Storage Cheat Sheet: at least 210,000 with SHA-512.</param>
internal sealed class PasswordHash(int rounds = PasswordHash.Recommended)
{
    public const int Recommended = 210_000;

    /// <summary>The most that a stored text may ask for: a database is not to be able to stop the program.</summary>
    private const int MostRounds = 100_000_000;

    private const string Kind = "pbkdf2-sha512";

    private const int SaltBytes = 16;

    private const int KeyBytes = 64;

    /// <summary>Every check costs a tenth of a second of a processor: as many at once as there are processors, so that others are served beside them.</summary>
    private readonly SemaphoreSlim working = new(Environment.ProcessorCount, Environment.ProcessorCount);

    /// <summary>What is checked where there is no password, so that it takes as long. Nobody knows the word it is of.</summary>
    private readonly string nobody = Text(rounds, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>How often the work of one password was done.</summary>
    public long Derived { get; private set; }

    public async ValueTask<string> Make(string password, CancellationToken cancel)
    {
        await working.WaitAsync(cancel);
        try
        {
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            return Text(rounds, salt, Derive(password, salt, rounds, KeyBytes));
        }
        finally
        {
            working.Release();
        }
    }

    /// <summary>True when <paramref name="stored"/> is of this password. Null and what cannot be read cost the same time and are of none.</summary>
    public async ValueTask<bool> Verify(string? stored, string password, CancellationToken cancel)
    {
        var known = TryRead(stored, out var count, out var salt, out var key);
        if (!known)
            TryRead(nobody, out count, out salt, out key);
        await working.WaitAsync(cancel);
        try
        {
            return CryptographicOperations.FixedTimeEquals(Derive(password, salt, count, key.Length), key) & known;
        }
        finally
        {
            working.Release();
        }
    }

    /// <summary>True when a password that was just verified should be kept anew.</summary>
    public bool IsWeak(string stored) => !TryRead(stored, out var count, out _, out var key) || count < rounds || key.Length < KeyBytes;

    private byte[] Derive(string password, byte[] salt, int count, int length)
    {
        Derived++;
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, count, HashAlgorithmName.SHA512, length);
    }

    private static string Text(int count, byte[] salt, byte[] key) =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind}${count}${Convert.ToBase64String(salt)}${Convert.ToBase64String(key)}");

    private static bool TryRead(string? stored, out int count, out byte[] salt, out byte[] key)
    {
        (count, salt, key) = (0, [], []);
        var parts = stored?.Split('$') ?? [];
        if (parts.Length != 4 || parts[0] != Kind || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is 0 or > MostRounds)
            return false;
        try
        {
            salt = Convert.FromBase64String(parts[2]);
            key = Convert.FromBase64String(parts[3]);
            return key.Length >= 32;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
