namespace ShimStack.Shim.Rootfs;

/// <summary>
/// Shorter names for the lower directories of an overlay: mount(2) takes one page of options, and an image with many layers needs more.
/// Names below a
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
    /// Shortens the names if there are two or more that share a directory other than the root. The shared part ends one directory earlier
    /// than the names
    /// differ: <c>/s/12/fs</c> and <c>/s/13/fs</c> share <c>/s</c>, not <c>/s/1</c>.
    /// </summary>
    public static Shortened Shorten(IReadOnlyList<string> options)
    {
        if (Split(options) is not { Names.Length: > 1 } layers)
        {
            return new("", options);
        }
        return new(layers.Directory, Replace(options, layers.Names));
    }

    /// <summary>
    /// The directory that all lower directories are in, other than the root, and their names in it; null if there is none.
    /// </summary>
    public static (string Directory, string[] Names)? Split(IReadOnlyList<string> options)
    {
        int index = IndexOfLowerDirs(options);

        // A backslash quotes a colon; such names are rare enough to be left as they are.
        if (index < 0 || options[index].Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }
        string[] names = options[index][Option.Length..].Split(':');
        string prefix = CommonPrefix(names);
        int slash = prefix.LastIndexOf('/');
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = names[i][(slash + 1)..];
        }
        return slash > 0 && Array.IndexOf(names, "") < 0 ? (prefix[..slash], names) : null;
    }

    /// <summary>The options with other lower directories.</summary>
    public static IReadOnlyList<string> Replace(IReadOnlyList<string> options, IEnumerable<string> names) =>
        new List<string>(options) { [IndexOfLowerDirs(options)] = Option + string.Join(':', names) };

    private static int IndexOfLowerDirs(IReadOnlyList<string> options)
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
