/* SPDX-License-Identifier: EUPL-1.2 */
/* sanitized: SANITIZED is defined where a sanitizer has memory of its own, so that tests which make
 * it short test nothing. */
#ifndef HERKOMST_TESTS_SANITIZED_H
#define HERKOMST_TESTS_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#endif
