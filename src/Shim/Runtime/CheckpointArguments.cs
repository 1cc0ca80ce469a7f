using ShimStack.Api.Runc;

namespace ShimStack.Shim.Runtime;

/// <summary>The arguments of <c>checkpoint</c>, in the order of contract chapter 7.2.</summary>
internal static class CheckpointArguments
{
    public static List<string> For(CheckpointCommand command)
    {
        CheckpointOptions options = command.Options;
        List<string> arguments = ["checkpoint", "--image-path", command.Image, "--work-path", command.Work];
        if (options.ParentPath.Length > 0)
        {
            arguments.AddRange(["--parent-path", options.ParentPath]);
        }

        Add(options.OpenTcp, "--tcp-established");
        Add(options.ExternalUnixSockets, "--ext-unix-sk");
        Add(options.Terminal, "--shell-job");
        Add(options.FileLocks, "--file-locks");
        foreach (string name in options.EmptyNamespaces)
        {
            arguments.AddRange(["--empty-ns", name]);
        }

        Add(!options.Exit, "--leave-running");
        arguments.Add(command.Id);
        return arguments;

        void Add(bool condition, string argument)
        {
            if (condition)
            {
                arguments.Add(argument);
            }
        }
    }
}
