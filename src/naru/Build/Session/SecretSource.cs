using System.Text;
using Naru.Base.Flags;

namespace Naru.Cli.Build.Session;

/// <summary>`--secret id=ID[,src=FILE|,env=VARIABLE]`: one of the two, chosen when it is parsed.</summary>
/// <param name="File">Null: an environment variable.</param>
internal sealed record SecretSource(string Id, string? File, string Variable)
{
    /// <summary>BuildKit's own limit.</summary>
    private const int Largest = 500 * 1024;

    /// <exception cref="NaruException">A malformed value, a missing file, one that is too large.</exception>
    public static SecretSource Parse(string text)
    {
        string id = "", file = "", variable = "", type = "";
        foreach (var field in CommaSeparated.Split(text))
        {
            var equals = field.IndexOf('=');
            if (equals < 0)
                throw NaruException.Invalid($"invalid field '{field}' must be a key=value pair");
            var (key, value) = (field[..equals].ToLowerInvariant(), field[(equals + 1)..]);
            switch (key)
            {
                case "type" when value is "file" or "env":
                    type = value;
                    break;
                case "type":
                    throw NaruException.Invalid($"unsupported secret type {GoText.Quote(value)}");
                case "id":
                    id = value;
                    break;
                case "source" or "src":
                    file = value;
                    break;
                case "env":
                    variable = value;
                    break;
                default:
                    throw NaruException.Invalid($"unexpected key '{key}' in '{field}'");
            }
        }

        if (type == "env" && variable.Length == 0)
            (variable, file) = (file, "");
        if (file.Length == 0 && variable.Length == 0)
        {
            // The id alone: a variable of that name, else a file of that name.
            if (type != "file" && Environment.GetEnvironmentVariable(id) is not null)
                variable = id;
            else
                file = id;
        }

        if (file.Length == 0)
            return new SecretSource(id, null, variable);
        if (!System.IO.File.Exists(file))
            throw NaruException.NotFound($"failed to stat {file}: stat {file}: no such file or directory");
        if (new FileInfo(file).Length > Largest)
            throw NaruException.Invalid($"secret {file} too big. max size 500KB");
        return new SecretSource(id, file, "");
    }

    /// <summary>The secret's bytes, empty for a variable that is not set.</summary>
    public byte[] Read() => File is null ? Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(Variable) ?? "") : System.IO.File.ReadAllBytes(File);
}
