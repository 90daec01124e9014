// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Security;

/// <summary>What is to be thought of the certificate that a peer showed.</summary>
public enum PeerVerdictKind
{
    /// <summary>In time, of this cluster, signed by a trusted root.</summary>
    Trusted,

    /// <summary>The peer showed none. For a client this is an anonymous caller, for a server a refusal.</summary>
    Absent,

    /// <summary>
    /// As <see cref="Trusted"/> but past its end. Only the renewal of a node's certificate may go on, and only while the node's record
    /// lives.
    /// </summary>
    Expired,

    /// <summary>Its time has not begun: the issuer's clock was more than an hour ahead of ours.</summary>
    NotYetValid,

    /// <summary>No trusted root signed it, or it was not issued for this use.</summary>
    Untrusted,

    /// <summary>It belongs to another cluster.</summary>
    OtherCluster,

    /// <summary>A server that is not a manager.</summary>
    WrongRole,

    /// <summary>Its subject is not of our form.</summary>
    Malformed,
}
