using System.Text;

namespace ShimStack.Native.Files;

/// <summary>
/// One walk through a tree that is treated as "/": ".." stops at the root, an absolute symlink starts at it again. What is still to be
/// walked is a stack of parts, onto which the target of each symlink goes.
/// </summary>
internal sealed class RootedPath(string root)
{
    private const int MaxLinks = 255;

    private readonly string _root = root.Length > 1 ? root.TrimEnd('/') : "";
    private readonly Stack<string> _todo = new();
    private readonly List<string> _done = [];
    private int _links;

    internal string Resolve(string path)
    {
        Push(path);
        while (_todo.TryPop(out string? part))
        {
            if (part == "..")
            {
                _done.RemoveRange(Math.Max(_done.Count - 1, 0), Math.Min(_done.Count, 1));
            }
            else
            {
                Enter(part);
            }
        }

        string resolved = Current();
        return resolved.Length == 0 ? "/" : resolved;
    }

    private void Enter(string part)
    {
        _done.Add(part);
        string here = Current();
        if (Files.TryLinkStatus(here) is not { Type: FileType.Symlink })
        {
            return;
        }

        if (++_links > MaxLinks)
        {
            throw new SyscallException("readlink", Errno.ELOOP, here);
        }

        string target = Files.ReadLink(here);
        _done.RemoveAt(_done.Count - 1);
        if (target.StartsWith('/'))
        {
            _done.Clear();
        }

        Push(target);
    }

    private void Push(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] != ".")
            {
                _todo.Push(parts[i]);
            }
        }
    }

    private string Current()
    {
        StringBuilder path = new(_root);
        foreach (string part in _done)
        {
            path.Append('/').Append(part);
        }

        return path.ToString();
    }
}
