// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>Where the processes of one machine keep their files. Every path is absolute and below <see cref="Root"/>.</summary>
/// <remarks>Nothing is created until <see cref="CreateDirectories"/> is called, so a command that only reads leaves no trace.</remarks>
public sealed class ClusterPaths
{
    /// <summary>The environment variable that names the root when no <c>--data-dir</c> is given.</summary>
    public const string EnvironmentVariable = "CLUSTER_HOME";

    /// <summary><c>manager/restore.pb</c>: a decrypted backup for the first manager after <c>cluster restore</c> (0600).</summary>
    public string RestoreFile => Path.Combine(ManagerDirectory, "restore.pb");

    /// <summary>The root when neither <c>--data-dir</c> nor <see cref="EnvironmentVariable"/> is set.</summary>
    public const string DefaultRoot = "/var/lib/cluster";

    /// <summary>Paths below <paramref name="root"/>.</summary>
    /// <param name="root">A directory, made absolute against the working directory; it need not exist.</param>
    /// <exception cref="ArgumentException">The root is empty.</exception>
    public ClusterPaths(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
    }

    /// <summary>Everything of this machine's part in the cluster lies below it.</summary>
    public string Root { get; }

    /// <summary><c>node.json</c>: who this machine is in which cluster; see <see cref="Files.NodeFile"/>.</summary>
    public string NodeFile => Path.Combine(Root, "node.json");

    /// <summary><c>node/</c>: the node's certificate, key and trusted roots.</summary>
    public string NodeDirectory => Path.Combine(Root, "node");

    /// <summary><c>node/node.pem</c>: the node's certificate and private key (0600).</summary>
    public string NodeCertificate => Path.Combine(NodeDirectory, "node.pem");

    /// <summary><c>node/ca.pem</c>: the cluster's trusted roots (0644).</summary>
    public string TrustedRoots => Path.Combine(NodeDirectory, "ca.pem");

    /// <summary><c>manager/</c>: what only a manager's disk holds.</summary>
    public string ManagerDirectory => Path.Combine(Root, "manager");

    /// <summary><c>manager/manager.pem</c>: the manager's certificate and private key (0600).</summary>
    public string ManagerCertificate => Path.Combine(ManagerDirectory, "manager.pem");

    /// <summary><c>manager/cluster.key</c>: the key that opens the secrets kept in Consul (0600).</summary>
    public string ClusterKey => Path.Combine(ManagerDirectory, "cluster.key");

    /// <summary>
    /// <c>manager/consul.token</c>: the manager's own Consul token (0600); the agent's is named in
    /// <see cref="NodeConsulSettings.TokenFile"/>.
    /// </summary>
    public string ManagerConsulToken => Path.Combine(ManagerDirectory, "consul.token");

    /// <summary><c>agent/</c>: the agent's assignment, attempts and last known endpoints.</summary>
    public string AgentDirectory => Path.Combine(Root, "agent");

    /// <summary><c>consul/</c>: Consul's configuration, certificates and data.</summary>
    public string ConsulDirectory => Path.Combine(Root, "consul");

    /// <summary><c>log/</c>: rolling logs of our processes and the captured output of their children.</summary>
    public string LogDirectory => Path.Combine(Root, "log");

    /// <summary><c>run/</c>: pid files, the supervisor's lock and its list of roles.</summary>
    public string RunDirectory => Path.Combine(Root, "run");

    /// <summary>
    /// The paths for a command line: <paramref name="dataDirectory"/>, else the environment variable, else <see cref="DefaultRoot"/>.
    /// </summary>
    /// <param name="dataDirectory">The value of <c>--data-dir</c>; null or empty when it was not given.</param>
    public static ClusterPaths Resolve(string? dataDirectory)
    {
        if (!string.IsNullOrWhiteSpace(dataDirectory)) return new ClusterPaths(dataDirectory);
        var fromEnvironment = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return new ClusterPaths(string.IsNullOrWhiteSpace(fromEnvironment) ? DefaultRoot : fromEnvironment);
    }

    /// <summary>Creates the root and its directories, readable by their owner only (0700); what exists keeps its mode.</summary>
    public void CreateDirectories()
    {
        string[] directories = [Root, NodeDirectory, ManagerDirectory, AgentDirectory, ConsulDirectory, LogDirectory, RunDirectory];
        foreach (var directory in directories)
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
