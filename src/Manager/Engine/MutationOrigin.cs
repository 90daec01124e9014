// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>Whose mutation it is.</summary>
/// <param name="RequestId">Made by the caller; the same id again is answered with the first answer.</param>
/// <param name="Actor">The caller's identity, for people, for example <c>operator olga</c>.</param>
/// <param name="Method">The method's name: the same id for another method is refused.</param>
public sealed record MutationOrigin(string RequestId, string Actor, string Method);
