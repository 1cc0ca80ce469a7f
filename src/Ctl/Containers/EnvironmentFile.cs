using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>Variables from a file: NAME=value, or NAME alone for that of shimctl, one a line; empty lines and those with # at their start do not count.</summary>
internal static class EnvironmentFile
{
    /// <exception cref="CtlException">It cannot be read, or has a line without a name.</exception>
    public static IEnumerable<string> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw CtlException.Usage($"--env-file {path}: there is no such file");
        }

        int number = 0;
        List<string> variables = [];
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith('='))
            {
                throw CtlException.Usage($"--env-file {path}: line {number} has no name before its =");
            }

            if (line.Length > 0 && line[0] != '#')
            {
                variables.Add(line);
            }
        }

        return variables;
    }
}
