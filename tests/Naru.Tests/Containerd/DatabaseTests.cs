using Naru.Base;
using Naru.Containerd;
using Naru.Sqlite;

namespace Naru.Tests.Containerd;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("naru-db-").FullName;

    private string FilePath => Path.Combine(_folder, "metadata.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_transaction_that_throws_leaves_nothing()
    {
        using var database = new Database(FilePath);
        Assert.Throws<InvalidOperationException>(() => database.Write(session =>
        {
            Insert(session, "half");
            throw new InvalidOperationException();
        }));
        database.Write(session => Insert(session, "whole"));
        Assert.Equal(["whole"], Names(database));
    }

    [Fact]
    public void What_was_committed_survives_a_crash_and_a_torn_end_of_the_log_is_left_out()
    {
        using var database = new Database(FilePath);
        for (var i = 0; i < 3; i++)
            database.Write(session => Insert(session, $"n{i}"));
        database.Flush();
        var torn = CopyAsCrashed("torn", cut: 100);
        using (var after = new Database(torn))
            Assert.Equal(["n0", "n1"], Names(after));
        using var whole = new Database(CopyAsCrashed("whole", cut: 0));
        Assert.Equal(["n0", "n1", "n2"], Names(whole));
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_by_its_path()
    {
        File.WriteAllText(FilePath, new string('x', 8192));
        Assert.Equal($"open {FilePath}: metadata: file is not a database", Assert.Throws<NaruException>(() => new Database(FilePath)).Message);
    }

    private static void Insert(Session session, string name) => session.Execute("INSERT INTO namespace VALUES (?1, '{}')", name);

    private static List<string> Names(Database database) => database.Read(session => session.Query("SELECT name FROM namespace ORDER BY name", row => row.Text(0)));

    /// <summary>The files as a crash at this moment leaves them, the log's last bytes lost.</summary>
    private string CopyAsCrashed(string name, int cut)
    {
        var copy = Path.Combine(_folder, name + ".db");
        File.Copy(FilePath, copy);
        var log = File.ReadAllBytes(FilePath + "-wal");
        File.WriteAllBytes(copy + "-wal", log[..^cut]);
        return copy;
    }
}
