// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;

namespace ClusterManager.Manager.Api;

/// <summary>Who calls, as the TLS handshake proved it.</summary>
/// <param name="Role">Null: anonymous.</param>
/// <param name="Id">The node's id or the operator's name; empty: anonymous.</param>
/// <param name="Actor">For records and people, for example <c>operator admin</c>.</param>
/// <param name="IsExpired">The certificate has expired: good for renewal only.</param>
/// <param name="IsForwarded">Another manager passed the call on; it is not passed on again.</param>
internal sealed record CallerIdentity(PeerRole? Role, string Id, string Actor, bool IsExpired, bool IsForwarded);
