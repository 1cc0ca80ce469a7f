namespace ShimStack.Shim.Bootstrap;

/// <summary>What a user sees after a wrong flag.</summary>
internal static class UsageText
{
    /// <summary>The message of <paramref name="problem"/> if it has one, then every flag.</summary>
    /// <param name="program">The program as it was called.</param>
    /// <param name="problem">What was wrong with the command line.</param>
    public static string For(string program, UsageException problem)
    {
        string message = problem.Message.Length == 0 ? "" : problem.Message + "\n";
        return $"""
            {message}Usage of {program}: [flags] [start|delete]
              -address string         path of the daemon's gRPC socket
              -bundle string          path of the bundle
              -check-state            read the state of a running shim from stdin, tell whether this build can go on with it
              -debug                  write debug messages to the log
              -debug-socket string    accepted for compatibility
              -id string              id of the container or sandbox
              -info                   read runtime options from stdin, write what the runtime can do to stdout
              -namespace string       namespace of the container
              -publish-binary string  accepted for compatibility
              -socket string          socket to serve on instead of descriptor 3
              -v, -version            print the version

            """;
    }
}
