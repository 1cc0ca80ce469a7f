namespace ShimStack.Shim.Bootstrap;

/// <summary>Go's path.Join and path.Clean, which the hash of a socket path is made of. Lexical: symbolic links are not looked at.</summary>
internal static class GoPath
{
    /// <summary>Joins with slashes and cleans; empty elements vanish, and nothing but empty elements is the empty path.</summary>
    public static string Join(params ReadOnlySpan<string> elements)
    {
        while (elements is ["", ..])
        {
            elements = elements[1..];
        }
        return elements.IsEmpty ? "" : Clean(string.Join('/', elements));
    }

    /// <summary>
    /// The shortest path equal to <paramref name="path"/>: no doubled slash, no <c>.</c>, no <c>x/..</c>; the empty path is <c>.</c>.
    /// </summary>
    public static string Clean(string path)
    {
        bool rooted = path.StartsWith('/');
        var kept = new List<string>();
        foreach (string part in path.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when kept.Count > 0 && kept[^1] != "..":
                    kept.RemoveAt(kept.Count - 1);
                    break;
                case ".." when rooted:
                    break;
                default:
                    kept.Add(part);
                    break;
            }
        }
        string joined = string.Join('/', kept);
        return rooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }

    /// <summary>Everything before the last slash, cleaned. <c>/</c> for <c>/a</c>, <c>.</c> for <c>a</c>.</summary>
    public static string DirectoryOf(string path) => Clean(path[..(path.LastIndexOf('/') + 1)]);
}
