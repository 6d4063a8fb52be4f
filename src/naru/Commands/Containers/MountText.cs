using System.Globalization;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Containers;

/// <summary>`--mount type=…,source=…,target=…` by Docker's rules.</summary>
internal static class MountText
{
    public static string Validate(string text)
    {
        Parse(text);
        return text;
    }

    public static Mount Parse(string text)
    {
        string type = "volume", source = "", target = "";
        string? consistency = null, propagation = null, subpath = null, imageSubpath = null, driver = null;
        bool readOnly = false, noCopy = false, createMountpoint = false, nonRecursive = false, roNonRecursive = false, roForceRecursive = false;
        bool bindSet = false, volumeSet = false, tmpfsSet = false, imageSet = false;
        long tmpfsSize = 0;
        uint tmpfsMode = 0;
        SortedDictionary<string, string>? labels = null, options = null;
        if (text.Length == 0)
            throw new FlagException("value is empty");
        foreach (var field in CommaSeparated.Split(text))
        {
            var at = field.IndexOf('=');
            var (key, value) = at < 0 ? (field.ToLowerInvariant(), "") : (field[..at].ToLowerInvariant(), field[(at + 1)..]);
            if (key.Trim() != key || (at < 0 && field.Trim() != field))
                throw new FlagException($"invalid option '{key}' in '{field}': option should not have whitespace");
            if (at < 0 && key is not ("readonly" or "ro" or "volume-nocopy" or "bind-nonrecursive" or "bind-create-src"))
                throw new FlagException($"invalid field '{field}' must be a key=value pair");
            switch (key)
            {
                case "type":
                    type = value.ToLowerInvariant();
                    break;
                case "source" or "src":
                    source = value.StartsWith("./", StringComparison.Ordinal) || value is "." or ".." || value.StartsWith("../", StringComparison.Ordinal) ? Path.GetFullPath(value) : value;
                    break;
                case "target" or "dst" or "destination":
                    target = value;
                    break;
                case "readonly" or "ro":
                    readOnly = Switch(key, at, value);
                    break;
                case "consistency":
                    consistency = value.ToLowerInvariant();
                    break;
                case "bind-propagation":
                    (propagation, bindSet) = (value.ToLowerInvariant(), true);
                    break;
                case "bind-nonrecursive":
                    (nonRecursive, bindSet) = (Switch(key, at, value), true);
                    break;
                case "bind-create-src":
                    (createMountpoint, bindSet) = (Switch(key, at, value), true);
                    break;
                case "bind-recursive":
                    bindSet = true;
                    nonRecursive = value == "disabled";
                    roNonRecursive = value == "writable";
                    roForceRecursive = value == "readonly";
                    if (value is not ("enabled" or "disabled" or "writable" or "readonly"))
                        throw new FlagException($"invalid value for {key}: {value} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")");
                    break;
                case "volume-subpath":
                    (subpath, volumeSet) = (value, true);
                    break;
                case "volume-nocopy":
                    (noCopy, volumeSet) = (Switch(key, at, value), true);
                    break;
                case "volume-label":
                    volumeSet = true;
                    Pair(labels ??= new(StringComparer.Ordinal), value);
                    break;
                case "volume-driver":
                    (driver, volumeSet) = (value, true);
                    break;
                case "volume-opt":
                    volumeSet = true;
                    Pair(options ??= new(StringComparer.Ordinal), value);
                    break;
                case "image-subpath":
                    (imageSubpath, imageSet) = (value, true);
                    break;
                case "tmpfs-size":
                    tmpfsSet = true;
                    try
                    {
                        tmpfsSize = ByteSize.ParseRam(value);
                    }
                    catch (FlagException)
                    {
                        throw new FlagException($"invalid value for {key}: {value}");
                    }

                    break;
                case "tmpfs-mode":
                    tmpfsSet = true;
                    if (value.Length == 0 || !value.All(letter => letter is >= '0' and <= '7') || value.Length > 11)
                        throw new FlagException($"invalid value for {key}: {value}");
                    tmpfsMode = Convert.ToUInt32(value, 8);
                    break;
                default:
                    throw new FlagException($"unexpected key '{key}' in '{field}'");
            }
        }

        if (type.Length == 0)
            throw new FlagException("type is required");
        if (target.Length == 0)
            throw new FlagException("target is required");
        if (volumeSet && type != "volume")
            throw new FlagException($"cannot mix 'volume-*' options with mount type '{type}'");
        if (bindSet && type != "bind")
            throw new FlagException($"cannot mix 'bind-*' options with mount type '{type}'");
        if (tmpfsSet && type != "tmpfs")
            throw new FlagException($"cannot mix 'tmpfs-*' options with mount type '{type}'");
        if (imageSet && type != "image")
            throw new FlagException($"cannot mix 'image-*' options with mount type '{type}'");
        if (roNonRecursive && !readOnly)
            throw new FlagException("option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction");
        if (roForceRecursive && (!readOnly || propagation != "rprivate"))
            throw new FlagException(!readOnly ? "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction" : "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
        return new Mount
        {
            Type = type,
            Source = source.Length == 0 ? null : source,
            Target = target,
            ReadOnly = readOnly,
            Consistency = consistency,
            BindOptions = bindSet ? new MountBindOptions { Propagation = propagation, NonRecursive = nonRecursive, CreateMountpoint = createMountpoint, ReadOnlyNonRecursive = roNonRecursive, ReadOnlyForceRecursive = roForceRecursive } : null,
            VolumeOptions = volumeSet ? new MountVolumeOptions { NoCopy = noCopy, Labels = labels, Subpath = subpath, DriverConfig = driver is null && options is null ? null : new MountDriver { Name = driver, Options = options } } : null,
            ImageOptions = imageSet ? new MountImageOptions { Subpath = imageSubpath } : null,
            TmpfsOptions = tmpfsSet ? new MountTmpfsOptions { SizeBytes = tmpfsSize, Mode = tmpfsMode } : null,
        };
    }

    private static bool Switch(string key, int at, string value)
    {
        if (at < 0)
            return true;
        try
        {
            return FlagValues.Bool(value);
        }
        catch (FlagException)
        {
            throw new FlagException($"invalid value for {key}: {value}");
        }
    }

    private static void Pair(SortedDictionary<string, string> into, string text)
    {
        var at = text.IndexOf('=');
        into[at < 0 ? text : text[..at]] = at < 0 ? "" : text[(at + 1)..];
    }
}
