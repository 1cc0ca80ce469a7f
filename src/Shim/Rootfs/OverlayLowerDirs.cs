namespace ShimStack.Shim.Rootfs;

/// <summary>
/// Shorter names for the lower directories of an overlay: mount(2) takes one page of options, and an image with many layers needs more. Names below a
/// directory that all of them share can be given relative to it.
/// </summary>
internal static class OverlayLowerDirs
{
    private const string Option = "lowerdir=";

    /// <summary>What is kept free of the page, in bytes.</summary>
    private const int Reserve = 512;

    /// <summary>Options with relative lower directories.</summary>
    /// <param name="WorkingDirectory">Where they are relative to; empty if nothing was shortened.</param>
    /// <param name="Options">All options of the mount.</param>
    internal readonly record struct Shortened(string WorkingDirectory, IReadOnlyList<string> Options);

    /// <summary>Whether the options might not fit into a page.</summary>
    public static bool AreLong(IReadOnlyList<string> options, int pageSize)
    {
        int length = 0;
        foreach (string option in options)
        {
            length += System.Text.Encoding.UTF8.GetByteCount(option);
        }
        return length >= pageSize - Reserve;
    }

    /// <summary>
    /// Shortens the names if there are two or more that share a directory other than the root. The shared part ends one directory earlier than the names
    /// differ: <c>/s/12/fs</c> and <c>/s/13/fs</c> share <c>/s</c>, not <c>/s/1</c>.
    /// </summary>
    public static Shortened Shorten(IReadOnlyList<string> options)
    {
        int index = IndexOfLowerDirs(options);
        string[] directories = index < 0 ? [] : options[index][Option.Length..].Split(':');

        // A backslash quotes a colon; such names are rare enough to be left as they are.
        if (directories.Length < 2 || options[index].Contains('\\', StringComparison.Ordinal))
        {
            return new("", options);
        }
        string prefix = CommonPrefix(directories);
        int slash = prefix.LastIndexOf('/');
        if (slash <= 0)
        {
            return new("", options);
        }
        for (int i = 0; i < directories.Length; i++)
        {
            directories[i] = directories[i][(slash + 1)..];
            if (directories[i].Length == 0)
            {
                return new("", options);
            }
        }
        var shortened = new List<string>(options) { [index] = Option + string.Join(':', directories) };
        return new(prefix[..slash], shortened);
    }

    /// <summary>Where the lower directories are among the options; -1 if they are not.</summary>
    public static int IndexOfLowerDirs(IReadOnlyList<string> options)
    {
        for (int i = 0; i < options.Count; i++)
        {
            if (options[i].StartsWith(Option, StringComparison.Ordinal))
            {
                return i;
            }
        }
        return -1;
    }

    private static string CommonPrefix(string[] names)
    {
        ReadOnlySpan<char> prefix = names[0];
        foreach (string name in names)
        {
            prefix = prefix[..prefix.CommonPrefixLength(name)];
        }
        return prefix.ToString();
    }
}
