using System.Globalization;
using System.Text;

namespace ShimStack.Native.Mounts;

/// <summary>
/// One line of mountinfo: <paramref name="Root"/> is what of the file system is mounted, <paramref name="Options"/> are those of the mount
/// and of the file system, joined by a comma. See proc_pid_mountinfo(5).
/// </summary>
public sealed record MountEntry(int Id, int ParentId, string Root, string MountPoint, string FileSystemType, string Source, string Options)
{
    /// <summary>The fields are: id parent major:minor root mount-point options [optional...] - type source super-options.</summary>
    internal static MountEntry Parse(string line)
    {
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-", 6);
        if (separator < 0 || fields.Length < separator + 4)
        {
            throw new FormatException($"mountinfo has a line of an unknown form: {line}");
        }

        return new MountEntry(
            int.Parse(fields[0], CultureInfo.InvariantCulture),
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            Unescape(fields[3]),
            Unescape(fields[4]),
            Unescape(fields[separator + 1]),
            Unescape(fields[separator + 2]),
            $"{fields[5]},{Unescape(fields[separator + 3])}");
    }

    /// <summary>The kernel writes space, tab, newline and backslash as a backslash and three octal digits.</summary>
    internal static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        StringBuilder text = new(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && field.AsSpan(i + 1) is [>= '0' and <= '3', >= '0' and <= '7', >= '0' and <= '7', ..])
            {
                text.Append((char)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }
}
