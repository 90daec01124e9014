// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Bootstrap;

/// <summary>What <c>init</c> made.</summary>
/// <param name="ClusterName">The cluster's name.</param>
/// <param name="ClusterId">Its id.</param>
/// <param name="NodeName">This node's name.</param>
/// <param name="ManagerAddress"><c>host:port</c> of the API.</param>
/// <param name="CaPem">The cluster's root.</param>
/// <param name="OperatorCertificatePem">The operator's certificate.</param>
/// <param name="OperatorKeyPem">Its key.</param>
/// <param name="JoinToken">For other machines; a new one each time.</param>
/// <param name="WasThere">The cluster was there already: nothing but a token was made.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record InitResult(
    string ClusterName, string ClusterId, string NodeName, string ManagerAddress, string CaPem, string OperatorCertificatePem,
    string OperatorKeyPem, string JoinToken, bool WasThere, TimeSpan Elapsed)
{
    /// <summary>Where <c>init</c> keeps a copy of the operator's context on the first machine.</summary>
    public static string OperatorDirectory(Hosting.Files.ClusterPaths paths) => Path.Combine(paths.Root, "operator");

    /// <summary>The operator's certificate and key (0600).</summary>
    public static string OperatorPem(Hosting.Files.ClusterPaths paths) => Path.Combine(OperatorDirectory(paths), "operator.pem");
}
